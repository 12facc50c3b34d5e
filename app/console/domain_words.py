"""What is known about a domain of the city, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

from app.core.clock import now
from app.core.i18n import gettext as _
from app.web.filters import date_and_time, long_date
from tenants import dns, domains, hostnames
from tenants.dns import Finding, Leads
from tenants.models import Domain


@dataclass(frozen=True, slots=True)
class Line:
    """A domain as it is listed: its name as people write it, and how far it is."""

    host: str
    name: str
    kind: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line to enter at the domain's provider."""

    kind: str
    name: str
    value: str


def lines(found: Iterable[Domain]) -> list[Line]:
    """Return domains as they are listed."""
    return [line(domain) for domain in found]


def line(domain: Domain) -> Line:
    """Return a domain as it is listed."""
    return Line(domain.host, hostnames.shown(domain.host), *_state(domain))


def proof_record(domain: Domain) -> Record:
    """Return the record that proves the domain."""
    return Record("TXT", domains.record_name(domain), domains.record_value(domain))


def leading_records(domain: Domain) -> tuple[list[Record], list[Record]]:
    """Return the records that lead the domain here, and those to enter instead where the first cannot be had."""
    config = current_app.config["PARVIS"]
    by_name = [Record("CNAME", domain.host, config.cname_target or config.base_domain)]
    by_number = [
        Record("AAAA" if ":" in address else "A", domain.host, dns.plain(address))
        for address in config.public_addresses
    ]
    if by_number and hostnames.may_be_whole_domain(domain.host):
        return by_number, []
    return by_name, by_number


def proof_sentence(domain: Domain) -> str:
    """Return what the last look for the proof came to."""
    if domain.checked_at is None:
        return _("Nobody has looked for the record yet.")
    seen = ", ".join(f"“{value}”" for value in domain.seen)
    sentences = {
        Finding.FOUND: _("The record was found."),
        Finding.ABSENT: _("The record was not found. Changes in the DNS can take up to 24 hours."),
        Finding.OTHER: _(
            "The record was not found. Found instead: %(seen)s. Changes in the DNS can take up to 24 hours.",
            seen=seen,
        ),
        Finding.SILENT: _("No DNS server answered. That says nothing about your record; we ask again."),
        Finding.TAKEN: _(
            "The record is right, but another city of this platform has this domain. It has to remove it there first."
        ),
    }
    return sentences[Finding(domain.finding)] if domain.finding else ""


def leads_sentence(domain: Domain) -> str:
    """Return where the domain leads, as far as it is known."""
    sentences = {
        Leads.HERE: _("The domain leads here."),
        Leads.ELSEWHERE: _(
            "The domain leads to %(addresses)s, which is not here.", addresses=", ".join(domain.leads_to)
        ),
        Leads.NOWHERE: _("The domain leads nowhere yet."),
    }
    return sentences.get(Leads(domain.leads), "") if domain.leads else ""


def looked_sentence(domain: Domain) -> str:
    """Return when the DNS was last asked, and when it is asked again."""
    asked = (
        _("Last looked: %(moment)s.", moment=date_and_time(domain.checked_at)) if domain.checked_at else ""
    )
    if domain.verified and domain.lost_at:
        day = long_date(domain.lost_at + domains.MISSED_FOR)
        rest = _("If the record is not back by %(day)s, the domain no longer leads to your city.", day=day)
    elif domain.verified:
        rest = _("We look once a month. Leave the record where it is.")
    elif is_given_up(domain):
        rest = _("We have stopped looking after two weeks. Press the button when the record is there.")
    else:
        rest = _("We look every few minutes for two weeks.")
    return f"{asked} {rest}".strip()


def is_given_up(domain: Domain) -> bool:
    """Tell whether nobody looks for the proof any more unless asked."""
    return not domain.verified and domain.added_at + domains.TRIED_FOR < now()


def _state(domain: Domain) -> tuple[str, str, str]:
    if domain.verified and domain.lost_at:
        return "warn", "triangle-alert", _("Proof is missing")
    if domain.main:
        return "ok", "circle-check", _("Main address")
    if domain.verified:
        return "info", "circle-check", _("Leads to the main address")
    if is_given_up(domain):
        return "plain", "circle-minus", _("Never proven")
    return "warn", "clock", _("Waiting for its proof")
