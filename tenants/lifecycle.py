"""A city's life: an address is reserved, a city is made and goes live, is suspended, resumed and renamed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.context import City
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.ids import new_short_id
from tenants import addresses, journal, names, resolve, schema
from tenants.addresses import Taken
from tenants.models import CityRecord, CityState, FormerSlug, PlatformMail, Signup, SignupState

# Nobody is asked for a time zone or a currency at the start: these are right for most cities that choose the
# language, and the settings change them. English-speaking cities are everywhere; they get the euro and Dublin.
DEFAULTS = {
    "en": ("Europe/Dublin", "EUR"),
    "es": ("Europe/Madrid", "EUR"),
    "fr": ("Europe/Paris", "EUR"),
    "hu": ("Europe/Budapest", "HUF"),
}
REQUEST_KEPT = timedelta(days=7)
SIGNUP_KEPT = timedelta(days=30)
LONGEST_REASON = 500
SUSPENDED = "city.suspended"
LONGEST_NAME = 120
MOVES = {
    CityState.LIVE: (CityState.SUSPENDED, CityState.ERASING),
    CityState.SUSPENDED: (CityState.LIVE, CityState.ERASING),
    CityState.ERASING: (CityState.LIVE, CityState.SUSPENDED),
}


def reserve(signup: Signup, slug: str) -> CityRecord:
    """Keep the address for this sign-up and enter its city; the first to confirm wins, the next gets Taken.

    The caller holds the lock on the sign-up.
    """
    if addresses.held([slug], but_signup=signup.id):
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
        host=addresses.own_host(record),
        languages=tuple(record.languages),
        time_zone=record.time_zone,
        currency=record.currency,
        state=record.state,
    )


def go_live(signup: Signup, record: CityRecord) -> None:
    """Let the city's address answer; residents see it once the city publishes it."""
    record.state, signup.state = CityState.LIVE, SignupState.READY
    resolve.change()


def suspend(record: CityRecord, reason: str) -> None:
    """Close a live city: people read `reason`, nothing of it runs, everything is kept."""
    said = said_reason(reason)
    change_state(record, CityState.SUSPENDED, SUSPENDED, only_from=CityState.LIVE, reason=said)


def said_reason(typed: str) -> str:
    """Return why a city is closed, as people will read it; raises Invalid for nothing and for too much."""
    said = typed.strip()
    if not said:
        raise Invalid(_("Say why: residents read it."))
    if len(said) > LONGEST_REASON:
        raise Invalid(_("Use at most %(max)d characters.", max=LONGEST_REASON))
    return said


def resume(record: CityRecord) -> None:
    """Open a suspended city again; what waited for it is done now."""
    change_state(record, CityState.LIVE, "city.resumed", only_from=CityState.SUSPENDED)


def change_state(
    record: CityRecord,
    state: CityState,
    action: str,
    *,
    only_from: CityState | None = None,
    reason: str = "",
    erase_at: datetime | None = None,
) -> None:
    """Take a city to another state and write `action` into its audit log and the platform's; raises Conflict.

    The caller commits; the next request to the city sees it.
    """
    db.session.refresh(record, with_for_update=True)
    if state not in MOVES.get(record.state, ()) or (only_from or record.state) is not record.state:
        raise Conflict(_("%(city)s is in another state now. Load the page again.", city=record.name))
    record.state, record.state_reason, record.state_changed_at = state, reason, now()
    record.erase_at = erase_at
    db.session.flush()
    journal.note(action, record.id)
    journal.note_in_city(as_city(record), action, reason=reason or None)
    resolve.change()


def rename(record: CityRecord, *, slug: str | None = None, name: str | None = None) -> None:
    """Give a city another address, another name or both; its former addresses lead to the new one.

    Raises Invalid for what cannot be one, Taken when another city has or had the address.
    """
    db.session.refresh(record, with_for_update=True)
    changes: dict[str, str] = {}
    if name is not None and name.strip() != record.name:
        changes |= {"name": _as_name(name), "name_before": record.name}
        record.name = changes["name"]
    if slug is not None and slug != record.slug:
        changes |= {"slug": slug, "slug_before": record.slug}
        _move(record, slug)
    if not changes:
        return
    db.session.flush()
    journal.note("city.renamed", record.id)
    journal.note_in_city(as_city(record), "city.renamed", **changes)
    resolve.change()


def _as_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Invalid(_("Enter the name of your city."))
    if len(name) > LONGEST_NAME:
        raise Invalid(_("Use at most %(max)d characters.", max=LONGEST_NAME))
    return name


def _move(record: CityRecord, slug: str) -> None:
    """Take the address `slug` and keep the present one as a former one."""
    said = addresses.trouble(slug, city_id=record.id)
    if said:
        raise Taken(said) if names.problem(slug) is None else Invalid(said)
    try:
        with db.session.begin_nested():
            own = FormerSlug.slug == slug, FormerSlug.city_id == record.id
            db.session.execute(delete(FormerSlug).where(*own))
            db.session.add(FormerSlug(slug=record.slug, city_id=record.id, left_at=now()))
            record.slug = slug
            db.session.flush()
    except IntegrityError as error:
        raise Taken(_("Somebody has taken this address meanwhile.")) from error


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
            Signup.state.in_((SignupState.READY, SignupState.FAILED, SignupState.REFUSED)),
            Signup.created_at < moment - SIGNUP_KEPT,
        )
        .returning(Signup.id),
        delete(PlatformMail).where(PlatformMail.sent_at < moment - REQUEST_KEPT).returning(PlatformMail.id),
    )
    return sum(len(db.session.scalars(statement).all()) for statement in statements)
