"""Visits to other hosts: the other city's people at home, ours over there, and everybody on the platform's own site."""

import re
from dataclasses import dataclass
from typing import Any

from app.testing.leaks.eye import Asked, seen
from app.testing.leaks.filling import PLATFORM
from app.testing.leaks.forms import Pairs
from app.testing.leaks.papers import grouped
from app.testing.leaks.routes import Route
from app.testing.leaks.twins import Person
from app.testing.leaks.visits import MOST_LINKS, Visits

_IDENT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Treatment:
    """How somebody is treated by one address."""

    status: int
    location: str
    words: frozenset[str]
    changed: tuple[str, ...]

    def beyond(self, other: "Treatment") -> str:
        """Return how it differs from how another one is treated; empty when it does not."""
        pairs = ((name, getattr(self, name), getattr(other, name)) for name in self.__slots__)
        return "; ".join(f"{name} {_plain(a)} instead of {_plain(b)}" for name, a, b in pairs if a != b)[:400]


def warm(visits: Visits, *, again: bool = False) -> None:
    """Let the other city's people look first, so that what a cache keeps is theirs; `again` looks for our words there."""
    there, here = visits.twins.there, visits.twins.here
    for route in (route for route in visits.of_city if "GET" in route.methods):
        fill = visits.fills[route]
        for role in ("administrator",) if again else (None, "administrator"):
            person, most = visits.twins.person(there, role), MOST_LINKS if role and not again else 1
            for values in (*fill.both[:most], *fill.only_there[:1]):
                answer = person.ask(route.path(values))
                asked = Asked(route, "GET", route.path(values), person)
                visits.eye.report.theirs.append(seen(answer, asked, own=True))
                if again and here.mark.lower() in visits.eye.words(answer, route):
                    visits.eye.report.complain(
                        f"GET {route.path(values)} ({route.endpoint}) shows {person.name} words of {here.slug}:"
                        " something is kept without its city."
                    )
    visits.eye.keeper.restore(visits.eye.keeper.look())


def carry_cookies_over(visits: Visits) -> None:
    """Go to the other city with this city's cookies and ids: it must be as if a stranger came."""
    twins = visits.twins
    host = twins.person(twins.there, None).host
    stranger = Person(twins.app, "a stranger", host)
    carriers = [twins.person(twins.here, "administrator"), *twins.guests(twins.here)]
    for route, method in ((each, method) for each in visits.of_city for method in each.methods):
        fill = visits.fills[route]
        for values in (fill.both or fill.only_here)[:1]:
            path = route.path(values)
            data = next(visits.papers.of(route, path))
            usual = _treatment(visits, (route, method, path), data, stranger)
            for carrier in carriers if method != "GET" or route.owner == PLATFORM else carriers[:1]:
                abroad = Person(twins.app, carrier.name, host, carrier.cookie)
                more = _treatment(visits, (route, method, path), data, abroad).beyond(usual)
                if more:
                    visits.eye.report.complain(
                        f"{method} {path} ({route.endpoint}) on the host of {twins.there.slug} treats"
                        f" {carrier.name} as more than a stranger: {more}."
                    )


def read_apex(visits: Visits) -> None:
    """Go to the platform's own site with this city's cookies; on its host cities have no pages at all."""
    twins = visits.twins
    person, visitor = twins.person(twins.here, "administrator"), twins.on_apex()
    carrier = Person(twins.app, f"{person.name} on the platform", twins.apex, person.cookie)
    for route in (route for route in visits.fills if "GET" in route.methods):
        fill = visits.fills[route]
        every = (*fill.both, *fill.only_here)
        for values in every if route.on_apex else every[:1]:
            if route.on_apex:
                visits.read_and_gather(route, visitor, route.path(values))
            visits.read(route, carrier, route.path(values))
        visits.eye.check(route, "GET")
    for route in (route for route in visits.fills if route.on_apex):
        for method in (method for method in route.methods if method != "GET"):
            visits.send(route, method, visitor)
            visits.send(route, method, carrier)


def _treatment(visits: Visits, asked: tuple[Route, str, str], data: Pairs, person: Person) -> Treatment:
    route, method, path = asked
    answer: Any = person.ask(path, method=method, data=grouped(data) if data else None)
    words, mark = visits.eye.words(answer, route), visits.twins.there.mark.lower()
    shown = frozenset(re.findall(re.escape(mark) + r"[\w @.-]{0,30}", words))
    changed: tuple[str, ...] = ()
    if method != "GET" and answer.status_code < 400:
        now = visits.eye.keeper.look()
        changed = now.changed
        visits.eye.keeper.restore(now)
    # An id that was made for this very answer is another one each time.
    location = _IDENT.sub(
        lambda found: found[0] if found[0] in path else "…", answer.headers.get("Location", "")
    )
    return Treatment(answer.status_code, location, shown, changed)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
