"""Which address below the platform's domain a city can have: looked up, and said in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select, union_all

from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from tenants import names
from tenants.models import CityRecord, Domain, Erasure, FormerSlug, Signup, SignupState
from tenants.names import Problem

HOLDING = (SignupState.WAITING, SignupState.CONFIRMED, SignupState.FAILED)
ERASED_HELD = timedelta(days=365)


class Taken(Conflict):
    """Somebody else was faster with this address."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One address that was looked at: empty `error` means it is free."""

    slug: str
    error: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """Return the whole host name."""
        return host_of(self.slug)


def check(typed: str, city_name: str, language: str, *, city_id: str | None = None) -> Checked:
    """Look at what was typed, or at what the city's name suggests when nothing was.

    What the city with `city_id` has or had is free for that city.
    """
    base = current_app.config["PARVIS"].base_domain
    slug = names.clean(typed, base) or names.suggest(city_name)
    if not slug:
        return Checked("", _("Enter a web address: this name has no letters that one can be made of."))
    error = trouble(slug, city_id=city_id)
    if not error:
        return Checked(slug)
    wanted = (city_name, slug) if names.is_reserved(slug) else (slug, city_name)
    free = free_alternatives(*wanted, language=language)
    return Checked(slug, error, tuple(free))


def host_of(slug: str) -> str:
    """Return the host name that belongs to an address."""
    return f"{slug}.{current_app.config['PARVIS'].base_domain}"


def own_host(record: CityRecord) -> str:
    """Return the host that a city's pages name themselves by: its main domain, else its address."""
    main = select(Domain.host).where(Domain.city_id == record.id, Domain.main, Domain.verified)
    return db.session.scalar(main) or host_of(record.slug)


def trouble(slug: str, *, city_id: str | None = None) -> str:
    """Return why a city cannot have an address, in words; empty when it can."""
    problem = names.problem(slug)
    if problem is Problem.TOO_SHORT:
        return _("A web address has at least %(number)s characters.", number=names.MIN_LENGTH)
    if problem is Problem.TOO_LONG:
        return _(
            "A web address has at most %(most)s characters; this one has %(number)s.",
            most=names.MAX_LENGTH,
            number=len(slug),
        )
    if problem is Problem.MALFORMED:
        return _("Use letters from a to z, digits and single hyphens, and begin with a letter.")
    if problem is Problem.RESERVED:
        return _("%(address)s is kept for the platform.", address=host_of(slug))
    if not is_free(slug, city_id=city_id):
        return _("%(address)s is already taken.", address=host_of(slug))
    return ""


def is_free(slug: str, *, city_id: str | None = None) -> bool:
    """Tell whether a city can have this address now; a request that nobody confirmed holds nothing.

    What the city with `city_id` has or had counts as free.
    """
    return names.problem(slug) is None and not held([slug], but_city=city_id)


def free_alternatives(*wanted: str, language: str, number: int = 3) -> list[str]:
    """Return up to `number` free addresses like those wanted, best first."""
    lists = [names.alternatives(text, language) for text in wanted if text]
    candidates = list(dict.fromkeys(slug for found in lists for slug in found))
    taken = held(candidates)
    return [slug for slug in candidates if slug not in taken][:number]


def held(slugs: Iterable[str], *, but_signup: UUID | None = None, but_city: str | None = None) -> set[str]:
    """Return which of the addresses a city has or had, or a confirmed sign-up has, other than those excepted.

    Nobody gets an address of an erased city for a year: links to it must not lead to strangers.
    """
    wanted = list(slugs)
    signups = select(Signup.slug).where(Signup.slug.in_(wanted), Signup.state.in_(HOLDING))
    present = select(CityRecord.slug).where(CityRecord.slug.in_(wanted))
    # Operators call cities by address or id: no city's address is another's id.
    ids = select(CityRecord.id).where(CityRecord.id.in_(wanted))
    former = select(FormerSlug.slug).where(FormerSlug.slug.in_(wanted))
    if but_signup is not None:
        signups = signups.where(Signup.id != but_signup)
    if but_city is not None:
        present, ids = present.where(CityRecord.id != but_city), ids.where(CityRecord.id != but_city)
        former = former.where(FormerSlug.city_id != but_city)
        signups = signups.where(Signup.city_id.is_distinct_from(but_city))
    erased = select(func.unnest(Erasure.slugs)).where(
        Erasure.slugs.overlap(wanted), Erasure.began_at > now() - ERASED_HELD
    )
    found = union_all(present, ids, former, signups, erased)
    return set(db.session.scalars(found, bind_arguments={"bind": db.engines["platform"]}))
