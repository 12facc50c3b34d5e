"""A large count, from sealing to the draft that can be certified: greedy, and Equal Shares with Add1u.

Ballots are made by chance, with a few popular projects and many that are not, as in Warsaw. They are put into the box
by SQL; from there on it is the product's own code, step by step as a worker does it. The floor, in the
same run, is a COPY of the ballots. `--pabutools` counts 100,000 ballots in the same way, and has pabutools count
them, too.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import numpy as np
import psycopg
from flask import Flask

from app.core import config
from app.core.clock import now
from app.core.db import db, end_transaction
from app.factory import create_app
from benchmarks.measuring import machine, say, table
from benchmarks.pabutools_referee.timing import Timing, time_on
from benchmarks.processor import forget_peak, peak, used, used_by_family
from benchmarks.servers import Servers, servers
from modules.participatory_budget.models import Count, CountState, LogBatch, VersionKind
from modules.participatory_budget.rules.chain import START, Batch
from modules.participatory_budget.rules.equal_shares import Completion
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services import (
    closing,
    counting,
    editions,
    frozen,
    projects,
    publishing,
)
from tenants import resolve, schema, setup, toggles
from tenants.inside import inside
from tenants.models import CityRecord, CityState

SLUG, CITY = "tally", "benchtally0"
SCHEMA = f"c_{CITY}"
CHOICES = 10
BUDGET = 3_000_000_00
GREEDY, SHARES, ADD1U = "greedy", "equal shares", "equal shares, Add1u"
RULES: Mapping[str, tuple[Method, Completion]] = {
    GREEDY: (Method.GREEDY_SKIP, Completion.ADD1U),
    SHARES: (Method.EQUAL_SHARES, Completion.NONE),
    ADD1U: (Method.EQUAL_SHARES, Completion.ADD1U),
}
REFEREED = 100_000
THEIRS = {GREEDY: "greedy", SHARES: "shares-none", ADD1U: "shares-add1u"}
FLOOR = "COPY of the ballots, the floor"


@dataclass
class Stages:
    """What each step took: wall, our processor time, the database's, and the most memory that we held."""

    database: int
    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    wall: dict[str, float] = field(default_factory=dict)

    def take(self, name: str, call: Callable[[], object]) -> None:
        """Do one step and note what it took."""
        forget_peak()
        mine, theirs, began = used(os.getpid()), used_by_family(self.database), time.perf_counter()
        call()
        wall = time.perf_counter() - began
        mine, theirs = used(os.getpid()) - mine, used_by_family(self.database) - theirs
        self.wall[name] = wall
        self.rows.append((name, f"{wall:.2f}", f"{mine:.2f}", f"{theirs:.2f}", f"{peak() / 2**20:.0f}"))
        say(f"{name}: {wall:.2f} s, of our processor {mine:.2f}, of the database's {theirs:.2f}")


def main() -> None:
    """Make the ballots, seal and count them, and print what it took."""
    given = _options()
    with servers() as started:
        app = prepare(config.read(started.environment))
        process = started.postgres.process
        assert process is not None
        stages = Stages(process.pid)
        vote = Vote(app, started, "2026", given.ballots, given.projects)
        vote.count((GREEDY, ADD1U), stages)
        stages.take(FLOOR, vote.copy)
        print(machine(_version(started)))
        print(f"{given.ballots:,} ballots, {given.projects} projects\n")
        print(table(("step", "wall s", "our CPU s", "database CPU s", "peak MB"), stages.rows) + "\n")
        print(table(("from sealed ballots to the draft", "s", "times the floor"), _sums(stages)) + "\n")
        print(f"Most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MB", flush=True)
        if given.pabutools:
            small = Vote(app, started, "2026-small", min(REFEREED, given.ballots), given.projects)
            print("\n" + _refereed(small, process.pid, given))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=2_700_000, help="how many ballots (2700000)")
    parser.add_argument("--projects", type=int, default=300, help="over how many projects (300)")
    parser.add_argument("--small", action="store_true", help="a quick look: 20,000 ballots, 60 projects")
    parser.add_argument(
        "--pabutools", action="store_true", help=f"count {REFEREED} ballots with pabutools, too"
    )
    parser.add_argument("--venv", type=Path, default=Path("/tmp/referee"), help="where pabutools lives")
    parser.add_argument("--seconds", type=int, default=120, help="longest time for one rule of pabutools")
    given = parser.parse_args()
    if given.small:
        given.ballots, given.projects = 20_000, 60
    return given


def prepare(settings: config.Config) -> Flask:
    """Make a city."""
    app = create_app(settings)
    with app.app_context():
        setup.prepare(lambda _line: None)
        schema.create(SCHEMA, [])
        db.session.add(
            CityRecord(
                id=CITY,
                slug=SLUG,
                name="Tally",
                state=CityState.LIVE,
                published=True,
                languages=["en"],
                time_zone="Europe/Budapest",
                currency="EUR",
                tagline={},
                hero="skyline",
                brand="#14387f",
                contact_email="hello@tally.example",
                created_at=now(),
            )
        )
        resolve.change()
        end_transaction(keep=True)
    with inside(app, SLUG) as city:
        toggles.switch_on(city, ["participatory_budget"])
    return app


def _open_vote(slug: str, number: int) -> None:
    edition = editions.create(slug, {"en": "Budget 2026"})
    edition.summary, edition.budget, edition.max_choices = {"en": "You decide."}, BUDGET, CHOICES
    edition.opens_at, edition.closes_at = now(), now() + timedelta(days=10)
    dice = np.random.default_rng(1)
    costs = np.exp(dice.normal(9.2, 0.9, number)).astype(int) // 100 * 100 + 500
    for place, cost in enumerate(costs.tolist(), start=1):
        texts = projects.ProjectTexts(
            title={"en": f"Project {place}"}, summary={"en": "Good for all."}, cost=100 * cost
        )
        projects.add(edition.id, texts)
    editions.show(edition.id)
    editions.fix_ballot(edition.id)


def made_ballots(ballots: int, number: int) -> Iterator[bytes]:
    """Yield lines for COPY, many at a time: ballots of 3.7 projects on average, the popular ones more often."""
    dice = np.random.default_rng(2)
    popularity = np.sort(np.exp(dice.normal(0, 1.1, number)))[::-1]
    bounds = np.cumsum(popularity / popularity.sum())
    none = 2**16 - 1
    for begin in range(0, ballots, 100_000):
        size = min(100_000, ballots - begin)
        sizes = np.minimum(1 + dice.poisson(2.9, size), CHOICES)
        drawn = np.minimum(np.searchsorted(bounds, dice.random((size, CHOICES))), number - 1) + 1
        drawn[np.arange(CHOICES) >= sizes[:, None]] = none
        drawn.sort(axis=1)
        # A project that was drawn twice is named once.
        drawn[:, 1:][drawn[:, 1:] == drawn[:, :-1]] = none
        drawn.sort(axis=1)
        digits, width = drawn.astype(">u2").tobytes().hex(), 4 * CHOICES
        named = (drawn < none).sum(axis=1).tolist()
        rows = (digits[width * n : width * n + 4 * many] for n, many in enumerate(named))
        yield "".join(f"\\\\x{row}\n" for row in rows).encode()


_CAST = (
    (
        "INSERT INTO participatory_budget_ballot (edition_id, slot, version, choices, district, channel, leaf)"
        " SELECT %(edition)s, sha256(int4send(n)), 1, choices, '', 'web', sha256('leaf' || int4send(n))"
        " FROM made ORDER BY 2"
    ),
    (
        "INSERT INTO participatory_budget_roll (edition_id, voter)"
        " SELECT %(edition)s, sha256('voter' || int4send(n)) FROM made ORDER BY 2"
    ),
    (
        "INSERT INTO participatory_budget_log_entry (edition_id, leaf, batch)"
        " SELECT edition_id, leaf, 1 FROM participatory_budget_ballot WHERE edition_id = %(edition)s ORDER BY leaf"
    ),
)


@dataclass
class Vote:
    """One vote of the city, from the box to the drafts of its result."""

    app: Flask
    started: Servers
    slug: str
    ballots: int
    projects: int

    def count(self, rules: tuple[str, ...], stages: Stages) -> None:
        """Cast, seal and count by one rule after the other."""
        with inside(self.app, SLUG):
            _open_vote(self.slug, self.projects)
        self._cast()
        edition_id = self._close()
        stages.take("sealing", lambda: self._seal(edition_id))
        self._run(stages, edition_id, rules[0])
        for rule in rules[1:]:
            self.again(rule, stages)

    def again(self, rule: str, stages: Stages) -> None:
        """Count the same ballots by another rule."""
        with inside(self.app, SLUG):
            edition_id = editions.by_slug(self.slug).id
        self._start_again(edition_id, rule)
        self._run(stages, edition_id, rule)

    def copy(self) -> None:
        """Read all ballots as quickly as the database gives them away."""
        statement = f'COPY "{SCHEMA}".participatory_budget_sealed_ballot (choices) TO STDOUT (FORMAT binary)'
        with _connect(self.started) as connection, connection.cursor().copy(statement.encode()) as copy:
            while copy.read():
                pass

    def write_file(self, path: Path) -> None:
        """Write the ballots file of the result."""
        with inside(self.app, SLUG), path.open("wb") as stream:
            edition = editions.by_slug(self.slug)
            protocol = publishing.protocol_of(counting.finished(edition))
            publishing.write_ballots(stream, edition.id, protocol)

    def winners(self) -> list[str]:
        """Return the ids of the projects that the newest count funds."""
        with inside(self.app, SLUG):
            protocol = publishing.protocol_of(counting.finished(editions.by_slug(self.slug)))
            return sorted(entry.id for entry in protocol.projects if entry.outcome.funded)

    def _cast(self) -> None:
        """Put ballots into the box, their voters on the roll and their receipts into the log."""
        say(f"{self.ballots} ballots are made")
        with inside(self.app, SLUG):
            edition_id = editions.by_slug(self.slug).id
        with _connect(self.started) as connection:
            connection.execute(f'SET search_path = "{SCHEMA}"'.encode())
            # Nobody waits for the references of three times as many rows to be looked up: this is not measured.
            connection.execute("SET session_replication_role = replica")
            connection.execute("CREATE TEMPORARY TABLE made (n serial, choices bytea)")
            with connection.cursor().copy("COPY made (choices) FROM STDIN") as copy:
                for lines in made_ballots(self.ballots, self.projects):
                    copy.write(lines)
            for statement in _CAST:
                connection.execute(statement.encode(), {"edition": edition_id})
            connection.execute("ANALYZE")
        say("they are in the box")

    def _close(self) -> UUID:
        with inside(self.app, SLUG):
            edition = editions.by_slug(self.slug)
            made = Batch(1, 1, bytes(32), START)
            head = {
                "leaves": 1,
                "root": made.root,
                "previous": START,
                "hash": made.hash,
                "sealed_at": now(),
            }
            db.session.add(LogBatch(edition_id=edition.id, number=1, **head))
            closing.close_now(edition.id)
            return edition.id

    def _seal(self, edition_id: UUID) -> None:
        with inside(self.app, SLUG):
            closing.seal_and_count(edition_id)

    def _start_again(self, edition_id: UUID, rule: str) -> None:
        with inside(self.app, SLUG):
            edition = editions.by_id(edition_id, lock=True)
            edition.method, edition.completion = RULES[rule]
            frozen.freeze(edition, VersionKind.CHANGED)
            counting.start_again(edition_id)

    def _run(self, stages: Stages, edition_id: UUID, rule: str) -> None:
        """Do the steps of a count, each in its transaction; the database counts beside them, as for a second worker."""
        count_id, standing, total = self._standing(edition_id)
        place: int | None = standing

        def read() -> None:
            nonlocal place
            while place is not None and place < total:
                place = self._step(edition_id, count_id, place)

        def step() -> None:
            nonlocal place
            assert place is not None
            place = self._step(edition_id, count_id, place)

        with ThreadPoolExecutor(1) as beside:
            second = beside.submit(self._count_again, count_id)
            stages.take(f"{rule}: reading", read)
            stages.take(f"{rule}: adding up", step)
            stages.take(f"{rule}: deciding", step)
            stages.take(f"{rule}: waiting for the second count", second.result)
        stages.take(f"{rule}: the draft", step)
        if place is not None:
            raise SystemExit(f"the count stands at {place}")

    def _count_again(self, count_id: UUID) -> None:
        with inside(self.app, SLUG):
            counting.count_again(count_id)

    def _step(self, edition_id: UUID, count_id: UUID, place: int) -> int | None:
        with inside(self.app, SLUG):
            counting.go_on(count_id, place)
        with inside(self.app, SLUG):
            count = counting.latest(editions.by_id(edition_id))
            assert count is not None
            if count.state is CountState.FAILED:
                raise SystemExit(f"the count failed: {count.failure}")
            return count.read + count.step if count.state is CountState.RUNNING else None

    def _standing(self, edition_id: UUID) -> tuple[UUID, int, int]:
        with inside(self.app, SLUG):
            count = cast("Count", counting.latest(editions.by_id(edition_id)))
            return count.id, count.read + count.step, count.total


def _sums(stages: Stages) -> list[tuple[str, str, str]]:
    floor = stages.wall[FLOOR]
    found = {rule: _wall(stages, rule) for rule in (GREEDY, ADD1U)}
    return [(rule, f"{wall:.1f}", f"{wall / floor:.1f}") for rule, wall in found.items()]


def _wall(stages: Stages, rule: str) -> float:
    return sum(seconds for name, seconds in stages.wall.items() if name.startswith(f"{rule}: "))


def _refereed(vote: Vote, database: int, given: argparse.Namespace) -> str:
    """Count fewer ballots by all three rules, have pabutools do so, too, and compare times and winners."""
    stages, ours = Stages(database), dict[str, list[str]]()
    path = vote.started.folder / "ballots.pb"
    for rule in RULES:
        if not ours:
            vote.count((rule,), stages)
            vote.write_file(path)
        else:
            vote.again(rule, stages)
        ours[rule] = vote.winners()
    theirs = time_on(path, given.venv, given.seconds, [THEIRS[rule] for rule in RULES])
    rows = [_compared(rule, _wall(stages, rule), ours[rule], theirs[THEIRS[rule]]) for rule in RULES]
    head = (f"{vote.ballots:,} ballots", "Parvis s", "pabutools s", "times as long", "winners")
    return (
        table(head, rows)
        + f"\n\npabutools has the ballots in memory; it read them in {theirs['reading'].seconds:.1f} s."
    )


def _compared(rule: str, wall: float, ours: list[str], theirs: Timing) -> tuple[str, ...]:
    over = "" if theirs.winners is not None else "more than "
    same = "not known" if theirs.winners is None else "the same" if theirs.winners == ours else "OTHERS"
    return (rule, f"{wall:.2f}", f"{over}{theirs.seconds:.1f}", f"{over}{theirs.seconds / wall:.0f}", same)


def _connect(started: Servers) -> psycopg.Connection:
    return psycopg.connect(started.plain_url(started.postgres.dbname), autocommit=True)


def _version(started: Servers) -> str:
    with _connect(started) as connection:
        return str(connection.info.server_version // 10000)


if __name__ == "__main__":
    main()
