"""Visiting every address of the application as one city's people, to see whether another city shows or changes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from app.testing.leaks import programs
from app.testing.leaks.eye import Asked, Eye
from app.testing.leaks.forms import Pairs
from app.testing.leaks.papers import Papers, grouped
from app.testing.leaks.routes import Fill, Route, Unguessed, Values, fill_route, where
from app.testing.leaks.twins import Person, Twins

HTMX = {"HX-Request": "true"}
MOST_LINKS = 12
FEW = 2
TURNED_AWAY = (401, 403)
SHOWN_AGAIN = 3


@dataclass(slots=True)
class Visits:
    """One round through the addresses of some owners, on the hosts that have them."""

    eye: Eye
    papers: Papers
    fills: dict[Route, Fill] = field(default_factory=dict)

    @property
    def twins(self) -> Twins:
        """Return the two cities."""
        return self.eye.twins

    @property
    def of_city(self) -> list[Route]:
        """Return the addresses that cities have and that could be filled in."""
        return [route for route in self.fills if not route.on_apex]

    def fill(self, routes: Iterable[Route]) -> None:
        """Find values for every address; complains of a parameter that nobody provides for."""
        for route in routes:
            try:
                self.fills[route] = fill_route(self.twins, route)
            except Unguessed as error:
                self.eye.report.complain(f"{error}.")
        self.eye.learn(self.fills.values())

    def read_pages(self) -> None:
        """Open every page as everybody, with ids of both cities and with those that only the other one has."""
        here = self.twins.here
        for route in (route for route in self.of_city if "GET" in route.methods):
            fill = self.fills[route]
            for role in ("administrator", "resident"):
                self._read_thoroughly(route, self.twins.person(here, role), fill)
            for person in (*self.twins.guests(here), self.twins.person(here, None)):
                for values in ((fill.both or fill.only_here)[0], *fill.only_there[:1]):
                    self.read(route, person, route.path(values))
            for values in (*fill.both[:1], *fill.only_there[:1]):
                self._mislead(route, route.path(values))
            for link in list(self.papers.links.get(route.endpoint, {}).values())[:MOST_LINKS]:
                self.read(route, self.twins.person(here, "administrator"), link)
            self.eye.check(route, "GET")

    def read(self, route: Route, person: Person, path: str, **headers: str) -> Any:
        """Open one page and look into it."""
        usual = self.twins.fillings[route.owner].headers.get(route.endpoint, {})
        usual = {**usual, **programs.headers(self.twins, route, person)}
        answer = person.ask(path, headers={**usual, **headers})
        self.eye.look_into(answer, Asked(route, "GET", path, person))
        return answer

    def read_and_gather(self, route: Route, person: Person, path: str) -> Any:
        """Open one page, look into it and keep its forms."""
        answer = self.read(route, person, path)
        if answer.mimetype == "text/html":
            self.papers.gather(path, answer.text)
        return answer

    def send_forms(self) -> None:
        """Send every form as everybody, with plausible values, then turned against the other city."""
        here = self.twins.here
        for route in self.of_city:
            fill = self.fills[route]
            for method in (method for method in route.methods if method != "GET"):
                people = [self.twins.person(here, role) for role in ("administrator", "resident", None)]
                for person in (*people, *self.twins.guests(here)):
                    self.send(route, method, person)
                for person in people[:2]:
                    for values in (*fill.only_there[:FEW], *fill.both[:1]):
                        self._turn_against(route, method, person, values)
                self.eye.check(route, method)

    def send(self, route: Route, method: str, person: Person) -> None:
        """Send what a person would send to an address, until each of its ways was gone once."""
        gone: Counter[tuple[object, ...]] = Counter()
        for values in (*self.fills[route].both, *self.fills[route].only_here[:FEW]):
            path, way = route.path(values), route.way(values)
            for data in self.papers.of(route, path) if gone[way] < SHOWN_AGAIN else ():
                answer = self._post(Asked(route, method, path, person, str(data)), data)
                gone[way] += _progress(answer)
                if gone[way] >= SHOWN_AGAIN:
                    break
                if answer.status_code in TURNED_AWAY:
                    return

    def count_idle(self) -> None:
        """Complain of every address that was never seen to do what it is for: then nothing is proved of it."""
        done = self.eye.report.answered()
        for route, method in ((each, method) for each in self.fills for method in each.methods):
            subject = f"never {method} {route.endpoint}"
            if (route.endpoint, method) in done or self.eye.is_reviewed(subject, route):
                continue
            write = "" if method == "GET" else f' or write answers("{route.endpoint}", …)'
            self.eye.report.complain(
                f"{method} {route.rule.rule} ({route.endpoint}) refused everybody, so nothing is proved of it:"
                f" fill in what it needs{write} in {where(route.owner)};"
                f' if nobody here may, write review("{subject}", why).'
            )

    def _read_thoroughly(self, route: Route, person: Person, fill: Fill) -> None:
        for values in (*fill.both, *fill.only_here[:1]):
            if self.read_and_gather(route, person, route.path(values)).status_code in TURNED_AWAY:
                break
        for values in fill.only_there[:FEW]:
            path = route.path(values)
            self.eye.must_be_unknown(self.read(route, person, path), Asked(route, "GET", path, person))

    def _mislead(self, route: Route, path: str) -> None:
        person = self.twins.person(self.twins.here, "administrator")
        self.read(route, person, path, **HTMX)
        self.read(route, person, f"{path}?{urlencode(self.papers.names)}", **self.papers.headers)

    def _turn_against(self, route: Route, method: str, person: Person, values: Values) -> None:
        path = route.path(values)
        data = self.papers.swapped(self.fills[route], next(self.papers.of(route, path)))
        target = f"{path}?{urlencode(self.papers.names)}"
        self._post(Asked(route, method, target, person, str(data)), data, headers=self.papers.headers)

    def _post(self, asked: Asked, data: Pairs, *, headers: dict[str, str] | None = None) -> Any:
        sent: object = grouped(data)
        if programs.is_for_programs(self.twins, asked.route):
            sent = programs.body(self.twins, asked.route)
            headers = {**(headers or {}), **programs.headers(self.twins, asked.route, asked.person)}
        answer = asked.person.ask(asked.path, method=asked.method, data=sent, headers=headers)
        self.eye.report.forms_sent += 1
        self.eye.look_into(answer, asked)
        if answer.status_code < 400:
            self.eye.check(asked.route, asked.method, working=True)
        return answer


def _progress(answer: Any) -> int:
    """Return how far a form has come: one that is shown again, to be checked, is not done yet but on its way."""
    if answer.status_code >= 400:
        return 0
    return 1 if answer.status_code == 200 and answer.mimetype == "text/html" else SHOWN_AGAIN
