"""A city's way in: an address is reserved, a city is made, goes live, or is given up without a trace."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, func, select, union_all
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.context import City
from app.core.db import db
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.core.ids import new_short_id
from tenants import names, resolve, schema
from tenants.models import CityRecord, CityState, PlatformMail, Signup, SignupState

# Nobody is asked for a time zone or a currency at the start: these are right for most cities that choose the
# language, and the settings change them. English-speaking cities are everywhere; they get the euro and Dublin.
DEFAULTS = {
    "en": ("Europe/Dublin", "EUR"),
    "es": ("Europe/Madrid", "EUR"),
    "fr": ("Europe/Paris", "EUR"),
    "hu": ("Europe/Budapest", "HUF"),
}
HOLDING = (SignupState.CONFIRMED, SignupState.FAILED)
REQUEST_KEPT = timedelta(days=7)
SIGNUP_KEPT = timedelta(days=30)


class Taken(Conflict):
    """Somebody else was faster with this address."""


def is_free(slug: str) -> bool:
    """Tell whether a city can have this address now; a request that nobody confirmed holds nothing."""
    return names.problem(slug) is None and not _held([slug])


def free_alternatives(*wanted: str, language: str, number: int = 3) -> list[str]:
    """Return up to `number` free addresses like those wanted, best first."""
    lists = [names.alternatives(text, language) for text in wanted if text]
    candidates = list(dict.fromkeys(slug for found in lists for slug in found))
    held = _held(candidates)
    return [slug for slug in candidates if slug not in held][:number]


def reserve(signup: Signup, slug: str) -> CityRecord:
    """Keep the address for this sign-up and enter its city; the first to confirm wins, the next gets Taken.

    The caller holds the lock on the sign-up.
    """
    if _held([slug], but=signup.id):
        raise Taken(_("Somebody has taken this address meanwhile."))
    signup.slug = slug
    try:
        with db.session.begin_nested():
            record = create_city_row(signup)
            db.session.flush()
    except IntegrityError as error:
        raise Taken(_("Somebody has taken this address meanwhile.")) from error
    signup.state, signup.attempts, signup.city_id = SignupState.CONFIRMED, 0, record.id
    return record


def create_city_row(signup: Signup) -> CityRecord:
    """Enter a city that is being made, under an id that no city ever had."""
    time_zone, currency = DEFAULTS.get(signup.language, DEFAULTS["en"])
    record = CityRecord(
        id=new_short_id(),
        slug=signup.slug,
        name=signup.city_name,
        state=CityState.PROVISIONING,
        languages=[signup.language],
        time_zone=time_zone,
        currency=currency,
        tagline={},
        created_at=now(),
    )
    db.session.add(record)
    return record


def as_city(record: CityRecord) -> City:
    """Return a city that hosts do not find yet, as code inside it needs it."""
    return City(
        id=record.id,
        slug=record.slug,
        name=record.name,
        host=f"{record.slug}.{current_app.config['PARVIS'].base_domain}",
        languages=tuple(record.languages),
        time_zone=record.time_zone,
        currency=record.currency,
    )


def go_live(signup: Signup, record: CityRecord) -> None:
    """Let the city's address answer; residents see it once the city publishes it."""
    record.state, signup.state = CityState.LIVE, SignupState.READY
    resolve.change()


def abandon(signup: Signup) -> None:
    """Give up making the city: its schema, role and row go, the sign-up stays and keeps the address."""
    record = db.session.get(CityRecord, signup.city_id) if signup.city_id else None
    if record is not None and record.state is CityState.PROVISIONING:
        schema.drop(f"c_{record.id}")
        db.session.delete(record)
    signup.state, signup.city_id = SignupState.FAILED, None


def has_database(signup: Signup) -> bool:
    """Tell whether the city of a sign-up has its own place in the database."""
    if signup.city_id is None:
        return False
    statement = select(func.to_regnamespace(f"c_{signup.city_id}").is_not(None))
    return bool(db.session.scalar(statement, bind_arguments={"bind": db.engines["platform"]}))


def stuck(before: datetime, limit: int = 100) -> Sequence[UUID]:
    """Return the sign-ups whose city is being made since before `before`: a worker may have died on them."""
    waiting = (
        select(Signup.id)
        .join(CityRecord, CityRecord.id == Signup.city_id)
        .where(Signup.state == SignupState.CONFIRMED, CityRecord.created_at < before)
    )
    return db.session.scalars(waiting.order_by(Signup.id).limit(limit)).all()


def forget_old() -> int:
    """Delete requests that nobody confirmed, old sign-ups and mails that were handed over; returns how many."""
    moment = now()
    unconfirmed = Signup.state == SignupState.REQUESTED
    statements = (
        delete(Signup).where(unconfirmed, Signup.expires_at < moment - REQUEST_KEPT).returning(Signup.id),
        delete(Signup)
        .where(
            Signup.state.in_((SignupState.READY, SignupState.FAILED)),
            Signup.created_at < moment - SIGNUP_KEPT,
        )
        .returning(Signup.id),
        delete(PlatformMail).where(PlatformMail.sent_at < moment - REQUEST_KEPT).returning(PlatformMail.id),
    )
    return sum(len(db.session.scalars(statement).all()) for statement in statements)


def _held(slugs: Iterable[str], *, but: UUID | None = None) -> set[str]:
    """Return which of the addresses a city or a confirmed sign-up other than `but` has."""
    wanted = list(slugs)
    signups = select(Signup.slug).where(Signup.slug.in_(wanted), Signup.state.in_(HOLDING))
    if but is not None:
        signups = signups.where(Signup.id != but)
    both = union_all(select(CityRecord.slug).where(CityRecord.slug.in_(wanted)), signups)
    return set(db.session.scalars(both, bind_arguments={"bind": db.engines["platform"]}))
