"""The whole round: fill two cities, visit every address, run every task and command, and say what was found."""

from collections.abc import Collection
from dataclasses import dataclass, field

from flask import Flask

from app.registry import modules
from app.testing.leaks import abroad, background, coverage, ears, edges, shell, twins
from app.testing.leaks.empty_dns import empty_dns
from app.testing.leaks.eye import Eye
from app.testing.leaks.filling import PART, PLATFORM, Filling, fillings
from app.testing.leaks.keeping import Keeper, keeping
from app.testing.leaks.papers import Papers
from app.testing.leaks.report import Report
from app.testing.leaks.routes import routes, where
from app.testing.leaks.visits import Visits
from app.testing.telephones import telephones


@dataclass(slots=True)
class Found:
    """What a round has come to."""

    report: Report
    redis_keys: set[str] = field(default_factory=set)
    heard: ears.Ears = field(default_factory=ears.Ears)


def go_round(app: Flask, owners: Collection[str] | None = None) -> Found:
    """Prove that one city's people neither see nor change another; of these owners alone when some are named.

    `app` is one with two fresh cities, as the fixture `app` makes it.
    """
    report = Report()
    known: dict[str, Filling] = {}
    needed = _needed(owners)
    for name, filling in fillings().items():
        if filling is not None and (needed is None or name in needed):
            known[name] = filling
        elif owners is None or name in owners:
            report.complain(
                f"the module {name} brings nothing to the isolation suite: write {where(name)} with a"
                f" `filling` ({PART} in docs/modules.md)."
            )
    wanted = {name for name in known if owners is None or name in owners}
    heard = ears.Ears()
    with empty_dns(app), telephones(app):
        keys = _go(app, known, wanted, report, heard)
    ears.check(heard, report)
    edges.check_cookies(report)
    edges.check_caching(report)
    return Found(report, keys, heard)


def _go(
    app: Flask, known: dict[str, Filling], wanted: set[str], report: Report, heard: ears.Ears
) -> set[str]:
    made = twins.make(app, known)
    ears.learn_people(app, (made.here.schema, made.there.schema), heard)
    with keeping(app, made.here, made.there) as keeper, ears.listening(app, heard):
        coverage.check_tables(made, keeper, report, wanted)
        _visit(made, keeper, report, wanted, heard)
        background.run_tasks(made, keeper, report, wanted)
        shell.run_commands(made, keeper, report, wanted)
    edges.check_redis(made, keeper, report)
    return keeper.redis_keys


def keeps_to_its_city(app: Flask, module: str) -> None:
    """Raise AssertionError with all complaints about one module; for the tests of a package of its own."""
    complaints = go_round(app, {module}).report.complaints
    assert not complaints, "\n" + "\n".join(complaints)


def _needed(owners: Collection[str] | None) -> set[str] | None:
    """Return whose content is needed to prove something of these owners; None for everybody's."""
    if owners is None:
        return None
    found, left = {PLATFORM}, list(owners)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(modules()[name].requires)
    return found


def _visit(made: twins.Twins, keeper: Keeper, report: Report, owners: set[str], heard: ears.Ears) -> None:
    visits = Visits(Eye(made, keeper, report, heard), Papers(made))
    visits.fill(route for route in routes(made.app) if route.owner in owners)
    abroad.warm(visits)
    visits.read_pages()
    visits.send_forms()
    abroad.carry_cookies_over(visits)
    abroad.read_apex(visits)
    abroad.warm(visits, again=True)
    visits.count_idle()
