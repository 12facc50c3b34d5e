"""Ask the DNS what a city has set up for its domain; several servers, each with little time."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dns.exception import DNSException
from dns.nameserver import Do53Nameserver
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration, Resolver
from flask import current_app

from app.core.config import Config

SECONDS = 2.0
MOST_SERVERS = 3
MOST_SHOWN = 5
LONGEST_SHOWN = 300
DNS_PORT = 53


class Finding(StrEnum):
    """What was found in the place of a proof."""

    FOUND = "found"
    OTHER = "other"
    """Records are there, but not this one."""
    ABSENT = "absent"
    SILENT = "silent"
    """No server answered: nothing is known."""
    TAKEN = "taken"
    """The proof is there, but another city has the host."""


class Leads(StrEnum):
    """Where a host leads."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the DNS has under a name: `known` is False when no server said anything."""

    values: tuple[str, ...] = ()
    known: bool = True


def texts(name: str, *, wanted: str) -> Answer:
    """Return the TXT records of `name`; servers are asked in turn until one has `wanted` among them.

    A server may still remember that there was nothing; the next one may know better.
    """
    seen: dict[str, None] = {}
    known = False
    for server in _servers():
        found = _ask(server, name, "TXT")
        known = known or found.known
        seen |= dict.fromkeys(found.values)
        if wanted in found.values:
            break
    return Answer(tuple(seen), known)


def finding(answer: Answer, wanted: str) -> Finding:
    """Return what TXT records say about a proof."""
    if wanted in answer.values:
        return Finding.FOUND
    if not answer.known:
        return Finding.SILENT
    return Finding.OTHER if answer.values else Finding.ABSENT


def addresses(host: str) -> Answer:
    """Return the network addresses of a host, from the first server that says anything."""
    for server in _servers():
        four = _ask(server, host, "A")
        if four.known:
            return Answer(four.values + _ask(server, host, "AAAA").values)
    return Answer(known=False)


def our_addresses() -> Answer:
    """Return the network addresses that cities' domains should have."""
    config: Config = current_app.config["PARVIS"]
    if config.public_addresses:
        return Answer(tuple(plain(address) for address in config.public_addresses))
    return addresses(config.cname_target or config.base_domain)


def leads(theirs: Answer, ours: Answer) -> Leads:
    """Return whether a host with `theirs` addresses leads to us; one address in common is enough."""
    if not theirs.known or (theirs.values and not ours.values):
        return Leads.UNKNOWN
    if not theirs.values:
        return Leads.NOWHERE
    return Leads.HERE if set(theirs.values) & set(ours.values) else Leads.ELSEWHERE


def worth_showing(values: Iterable[str]) -> list[str]:
    """Return the first few values, shortened, as they are kept and shown."""
    return [value[:LONGEST_SHOWN] for value in values][:MOST_SHOWN]


def _servers() -> Sequence[Resolver]:
    config: Config = current_app.config["PARVIS"]
    named = [_server(text) for text in config.dns_servers] or _of_this_machine()
    return [_resolver(server) for server in named[:MOST_SERVERS]]


def _of_this_machine() -> list[Do53Nameserver]:
    try:
        found = Resolver().nameservers
    except NoResolverConfiguration:
        return []
    return [server if isinstance(server, Do53Nameserver) else _server(str(server)) for server in found]


def _server(text: str) -> Do53Nameserver:
    """Return the server called `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`."""
    host, colon, port = text.rpartition(":")
    if colon and (host.startswith("[") or ":" not in host):
        return Do53Nameserver(host.strip("[]"), int(port))
    return Do53Nameserver(text.strip("[]"), DNS_PORT)


def _resolver(server: Do53Nameserver) -> Resolver:
    resolver = Resolver(configure=False)
    resolver.nameservers = [server]
    resolver.timeout = resolver.lifetime = SECONDS
    return resolver


def _ask(resolver: Resolver, name: str, kind: str) -> Answer:
    try:
        answer = resolver.resolve(name, kind, search=False)
    except (NXDOMAIN, NoAnswer):
        return Answer()
    except (DNSException, OSError):
        return Answer(known=False)
    return Answer(tuple(_read(record, kind) for record in answer))


def _read(record: object, kind: str) -> str:
    if kind != "TXT":
        return plain(str(record))
    # Some providers keep the quotation marks that people type around the value.
    strings: tuple[bytes, ...] = record.strings  # type: ignore[attr-defined]
    return b"".join(strings).decode("utf-8", "replace").strip().strip('"').strip()


def plain(address: str) -> str:
    """Return a network address in its one usual form."""
    return str(ipaddress.ip_address(address))
