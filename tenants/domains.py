"""Domains of a city's own: claimed by anybody, had by whoever proves it first, looked at again from time to time."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.core.audit import Detail
from app.core.clock import now
from app.core.context import City
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from tenants import dns, hostnames, journal, resolve
from tenants.dns import Finding, Leads
from tenants.hostnames import Fault
from tenants.models import CityRecord, CityState, Domain

MOST = 20
CHECKED_EVERY = timedelta(minutes=5)
TRIED_FOR = timedelta(days=14)
CHECKED_AGAIN_AFTER = timedelta(days=30)
# While a proof is missing its city is told and has time; then the host is free for whoever proves it.
MISSING_CHECKED_EVERY = timedelta(hours=12)
MISSED_FOR = timedelta(days=7)
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the DNS said about one claim."""

    finding: Finding
    seen: Sequence[str] = ()
    leads: Leads = Leads.UNKNOWN
    leads_to: Sequence[str] = ()


def of(city_id: str) -> Sequence[Domain]:
    """Return the domains a city has or claims, the main one first."""
    found = select(Domain).where(Domain.city_id == city_id)
    return db.session.scalars(found.order_by(Domain.main.desc(), Domain.verified.desc(), Domain.host)).all()


def find(city_id: str, host: str, *, lock: bool = False) -> Domain:
    """Return one domain of a city; raises NotFound."""
    found = db.session.get(Domain, (host, city_id), with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound(_("This city has no such domain."))
    return found


def record_name(domain: Domain) -> str:
    """Return the name under which the proof has to be found."""
    return f"_parvis.{domain.host}"


def record_value(domain: Domain) -> str:
    """Return what the TXT record has to say."""
    return f"parvis-verify={domain.proof}"


def add(city: City, typed: str) -> Domain:
    """Claim the host that was typed or pasted; claimed before, it is returned as it is. Raises Invalid and Conflict."""
    host = hostnames.clean(typed)
    said = _trouble(host)
    if said:
        raise Invalid(said)
    # One hand at a time: the number of claims is counted.
    db.session.execute(select(CityRecord.id).where(CityRecord.id == city.id).with_for_update())
    own = of(city.id)
    known = next((domain for domain in own if domain.host == host), None)
    if known is not None:
        return known
    if len(own) >= MOST:
        raise Conflict(_("A city can have at most %(number)s domains. Remove one first.", number=MOST))
    domain = Domain(host=host, city_id=city.id, proof=secrets.token_hex(16), added_at=now())
    domain.finding = domain.leads = ""
    db.session.add(domain)
    db.session.flush()
    _tell(city, "city.domain_added", host=host)
    return domain


def look(host: str, wanted: str) -> Verdict:
    """Ask the DNS about a claim; takes up to some seconds and touches no table."""
    answer = dns.texts(f"_parvis.{host}", wanted=wanted)
    finding = dns.finding(answer, wanted)
    if finding is Finding.SILENT:
        return Verdict(finding)
    theirs = dns.addresses(host)
    where = dns.leads(theirs, dns.our_addresses())
    return Verdict(finding, dns.worth_showing(answer.values), where, dns.worth_showing(theirs.values))


def settle(city: City, host: str, verdict: Verdict) -> Domain:
    """Write down what a check came to, and what follows from it; returns the domain as it is now."""
    domain = find(city.id, host, lock=True)
    was_verified = domain.verified
    domain.checked_at, domain.finding, domain.seen = now(), verdict.finding, list(verdict.seen)
    if verdict.finding is not Finding.SILENT:
        domain.leads, domain.leads_to = verdict.leads, list(verdict.leads_to)
    if verdict.finding is Finding.FOUND:
        domain.lost_at = None
        if not was_verified:
            _prove(city, domain)
    elif was_verified and verdict.finding is not Finding.SILENT:
        domain.lost_at = domain.lost_at or now()
        if domain.lost_at + MISSED_FOR <= now():
            _lose(city, domain)
    db.session.flush()
    return domain


def make_main(city: City, host: str | None) -> None:
    """Let the city's pages name themselves by a verified domain; None: by the address below the platform's domain."""
    db.session.execute(select(CityRecord.id).where(CityRecord.id == city.id).with_for_update())
    if host is not None and not find(city.id, host).verified:
        raise Conflict(_("Prove first that this domain is yours."))
    before = next((domain.host for domain in of(city.id) if domain.main), None)
    if before == host:
        return
    db.session.execute(update(Domain).where(Domain.city_id == city.id, Domain.main).values(main=False))
    if host is not None:
        own = Domain.city_id == city.id, Domain.host == host
        db.session.execute(update(Domain).where(*own).values(main=True))
    _tell(city, "city.main_domain_changed", host=host, host_before=before)


def remove(city: City, host: str) -> None:
    """Give a domain up; where it was the main one, the address below the platform's domain takes its place."""
    db.session.delete(find(city.id, host, lock=True))
    db.session.flush()
    _tell(city, "city.domain_removed", host=host)


def due() -> Sequence[tuple[str, str]]:
    """Return host and city of every claim to look at now, those that wait longest first."""
    moment = now()
    asked_before = Domain.checked_at.is_(None)
    conditions = (
        and_(
            ~Domain.verified,
            Domain.added_at > moment - TRIED_FOR,
            or_(asked_before, Domain.checked_at <= moment - CHECKED_EVERY),
        ),
        and_(
            Domain.verified,
            Domain.lost_at.is_(None),
            or_(asked_before, Domain.checked_at <= moment - CHECKED_AGAIN_AFTER),
        ),
        and_(
            Domain.verified,
            Domain.lost_at.is_not(None),
            or_(asked_before, Domain.checked_at <= moment - MISSING_CHECKED_EVERY),
        ),
    )
    found = (
        select(Domain.host, Domain.city_id)
        .join(CityRecord, CityRecord.id == Domain.city_id)
        .where(or_(*conditions), CityRecord.state != CityState.ERASING)
        .order_by(Domain.checked_at.asc().nulls_first(), Domain.host)
        .limit(MOST_AT_ONCE)
    )
    return [(row.host, row.city_id) for row in db.session.execute(found)]


def _prove(city: City, domain: Domain) -> None:
    """Give the host to the city, unless another city was faster."""
    holder = db.session.scalar(
        select(Domain).where(Domain.host == domain.host, Domain.verified).with_for_update()
    )
    try:
        if holder is None:
            with db.session.begin_nested():
                domain.verified, domain.verified_at = True, now()
                db.session.flush()
    except IntegrityError:
        domain = find(city.id, domain.host, lock=True)
    if not domain.verified:
        domain.finding = Finding.TAKEN
        if holder is not None:
            # Whether the holder's own proof is still there is looked at soon.
            holder.checked_at = None
        return
    _tell(city, "city.domain_verified", host=domain.host)


def _lose(city: City, domain: Domain) -> None:
    """Take the host away from a city whose proof has been missing for too long."""
    domain.verified = domain.main = False
    domain.lost_at = domain.verified_at = None
    # It is a claim like any other again and is looked at for as long as a new one.
    domain.added_at = now()
    db.session.flush()
    _tell(city, "city.domain_lost", host=domain.host)


def _tell(city: City, action: str, **details: Detail) -> None:
    journal.note(action, city.id)
    journal.note_in_city(city, action, **details)
    resolve.change()


def _trouble(host: str) -> str:
    base = current_app.config["PARVIS"].base_domain
    words = {
        Fault.EMPTY: _("Enter the domain, such as services.ville.example."),
        Fault.NUMERIC: _("This is a number of a machine. Enter a name, such as services.ville.example."),
        Fault.SINGLE: _("Enter the whole name with its ending, such as services.ville.example."),
        Fault.MALFORMED: _("This is no host name. Use letters, digits, hyphens and dots."),
        Fault.TOO_LONG: _("This name is too long."),
        Fault.SPECIAL: _("Names with this ending cannot be reached from the internet."),
        Fault.OURS: _(
            "Addresses below %(base)s are given out by the platform. Change the city's address instead.",
            base=base,
        ),
    }
    found = hostnames.fault(host, base)
    return words[found] if found else ""
