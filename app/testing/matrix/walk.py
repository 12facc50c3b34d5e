"""Asking for every address as everybody, and comparing what happens with what is written down."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from app.registry import modules
from app.testing.leaks import twins
from app.testing.leaks.filling import PLATFORM, fillings
from app.testing.leaks.keeping import Keeper, keeping
from app.testing.leaks.report import DOORS
from app.testing.leaks.routes import Route, Unguessed, fill_route, routes
from app.testing.leaks.twins import Person
from app.testing.matrix.cast import Cast
from app.testing.matrix.table import (
    APEX,
    IN,
    NO_TOKEN,
    NOTHING,
    REFUSED,
    SIGN_IN,
    Line,
    Matrix,
    matrix_of,
)

SEEN_IN_PASSING = ("account_session", "audit_entry", "operator_session")
"""Who was here when, and what was done, is written down whoever reads."""
MOST_TRIES = 8
FEW = ("visitor", "administrator")
"""At addresses of the platform's own site nobody of a city finds anything; two of them are enough to see it."""


@dataclass(slots=True)
class Walk:
    """One round; `complaints` are sentences that say what to do."""

    keeper: Keeper
    cast: Cast
    matrices: Mapping[str, Matrix]
    complaints: list[str] = field(default_factory=list)
    asked: int = 0

    def go(self, wanted: Collection[Route]) -> None:
        """Ask for each address with each of its methods."""
        for route in wanted:
            matrix = self.matrices.get(route.owner)
            lines = {
                method: matrix.line(route.endpoint, method) if matrix else None for method in route.methods
            }
            self.complaints += [_untold(route, method) for method, line in lines.items() if line is None]
            try:
                fill = fill_route(self.cast.twins, route)
            except Unguessed as error:
                self.complaints.append(f"{error}.")
                continue
            paths = [route.path(values) for values in (*fill.both, *fill.only_here)][:MOST_TRIES]
            for method, line in lines.items():
                if line is not None:
                    self._visit(route, method, line, paths)

    def _visit(self, route: Route, method: str, line: Line, paths: list[str]) -> None:
        people = self.cast.of(route.owner)
        asking = [name for name in people if not route.on_apex or name in (*APEX, *FEW)]
        # Those who are turned away come first: whoever gets in may change what the others would find.
        turned_away = [name for name in asking if line.expected(name) != IN]
        met = {name: self._found(route, method, people[name], paths[:1]) for name in turned_away}
        self._look(route, method, "somebody who is turned away asked for it", "look who may before you write")
        writes = method != "GET" or bool(line.writes)
        for name in asking:
            if line.expected(name) == IN:
                met[name] = self._found(route, method, people[name], paths, absent=bool(line.absent))
                if writes:
                    self.keeper.put_back(self.keeper.touched())
        if not writes:
            self._look(route, method, "it was opened", _write_or_say(route))
        self.keeper.forget_redis(all_keys=True)
        self._compare(route, method, line, met)

    def _compare(self, route: Route, method: str, line: Line, met: Mapping[str, str]) -> None:
        others: dict[tuple[str, str], list[str]] = {}
        for name, found in met.items():
            if found != line.expected(name):
                others.setdefault((line.expected(name), found), []).append(name)
        for (expected, found), names in others.items():
            self.complaints.append(_differs(route, method, ", ".join(names), expected, found))

    def _found(
        self, route: Route, method: str, person: Person, paths: list[str], *, absent: bool = False
    ) -> str:
        """Return what somebody meets; who gets in tries several ids, as not all are in the state for it."""
        usual = self.cast.twins.fillings[route.owner].headers.get(route.endpoint, {})
        found = NOTHING
        for path in paths:
            self.asked += 1
            found = outcome(person.ask(path, method=method, headers=usual))
            if found != NOTHING:
                return found
        return IN if absent else found

    def _look(self, route: Route, method: str, when: str, advice: str) -> None:
        """Complain of what was written, and put it back."""
        touched = self.keeper.touched()
        changed = [name for name in touched if name.partition(".")[2] not in SEEN_IN_PASSING]
        if changed:
            self.complaints.append(
                f"{method} {route.rule.rule} ({route.endpoint}) changed {', '.join(sorted(changed))} when {when}:"
                f" {advice}."
            )
        if touched:
            self.keeper.put_back(touched)


def outcome(answer: Any) -> str:
    """Return what an answer means to whoever asked."""
    status, to = answer.status_code, answer.headers.get("Location", "")
    if 300 <= status < 400 and any(door in to for door in DOORS):
        return SIGN_IN
    if status in (401, 403, 404):
        return {401: NO_TOKEN, 403: REFUSED, 404: NOTHING}[status]
    return IN if status < 500 or status == 503 else f"an error ({status})"


def walk(app: Flask, platform: Matrix | None, owners: Collection[str] | None = None) -> Walk:
    """Go round; of these owners alone when some are named. `app` is one with two fresh cities."""
    brought = {name: found for name in modules() if (found := matrix_of(name)) is not None}
    matrices = {PLATFORM: platform, **brought} if platform else brought
    known = {name: filling for name, filling in fillings().items() if filling is not None}
    made = twins.make(app, known)
    cast = Cast(made)
    with keeping(app, made.here, made.there) as keeper:
        walked = Walk(keeper, cast, matrices)
        every = routes(app)
        walked.go([route for route in every if owners is None or route.owner in owners])
    endpoints = [route.endpoint for route in every]
    for name, matrix in matrices.items():
        if owners is None or name in owners:
            walked.complaints += [
                f"{one} is in a matrix, but there is no such address." for one in matrix.idle(endpoints)
            ]
    return walked


def lets_in_whom_it_should(app: Flask, module: str) -> None:
    """Raise AssertionError with all complaints about one module; for the tests of a package of its own."""
    complaints = walk(app, None, {module}).complaints
    assert not complaints, "\n" + "\n".join(complaints)


def _untold(route: Route, method: str) -> str:
    return (
        f"{method} {route.rule.rule} ({route.endpoint}): nobody has written down who gets in. Add"
        f' matrix.route("{route.endpoint}", "administrator visiting") or whoever it is for to {_where(route)}.'
    )


def _differs(route: Route, method: str, names: str, expected: str, found: str) -> str:
    return (
        f"{method} {route.rule.rule} ({route.endpoint}): {names}: {found} instead of {expected}."
        f" If that is right, change {_where(route)}."
    )


def _write_or_say(route: Route) -> str:
    return (
        "opening a page changes nothing; if this one must, write"
        f' route("{route.endpoint}", …, writes="why") into {_where(route)}'
    )


def _where(route: Route) -> str:
    if route.owner == PLATFORM:
        return "tests/matrix/platform.py"
    return f"{modules()[route.owner].package}/tests/matrix.py"
