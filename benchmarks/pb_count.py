"""A large count, from sealing to the draft that can be certified: greedy, and Equal Shares with Add1u.

Ballots are made by chance, with a few popular projects and many that are not, as in Warsaw. They are put into the box
by SQL; from there on it is the product's own code, step by step as a worker does it. The floor, in the
same run, is a COPY of the ballots.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
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
from benchmarks.processor import forget_peak, peak, used, used_by_family
from benchmarks.servers import Servers, servers
from modules.participatory_budget.models import Count, CountState, LogBatch
from modules.participatory_budget.rules.chain import START, Batch
from modules.participatory_budget.rules.equal_shares import Completion
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.services import closing, counting, editions, projects
from tenants import resolve, schema, setup, toggles
from tenants.inside import inside
from tenants.models import CityRecord, CityState

SLUG, EDITION, CITY = "tally", "2026", "benchtally0"
SCHEMA = f"c_{CITY}"
CHOICES = 10
BUDGET = 3_000_000_00
RULES = ("greedy", "equal shares, Add1u")


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
        app = prepare(config.read(started.environment), given.projects)
        cast_ballots(started, given.ballots, given.projects)
        process = started.postgres.process
        assert process is not None
        stages = Stages(process.pid)
        _count_all(app, stages)
        stages.take("COPY of the ballots, the floor", lambda: _copy(started))
        print(machine(_version(started)))
        print(f"{given.ballots:,} ballots, {given.projects} projects")
        print(table(("step", "wall s", "our CPU s", "database CPU s", "peak MB"), stages.rows))
        print(table(("rule", "s", "times the floor"), _sums(stages)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=2_700_000, help="how many ballots (2700000)")
    parser.add_argument("--projects", type=int, default=300, help="over how many projects (300)")
    parser.add_argument("--small", action="store_true", help="a quick look: 20,000 ballots, 60 projects")
    given = parser.parse_args()
    if given.small:
        given.ballots, given.projects = 20_000, 60
    return given


def prepare(settings: config.Config, number: int) -> Flask:
    """Make a city with an open vote."""
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
    with inside(app, SLUG):
        _open_vote(number)
    return app


def _open_vote(number: int) -> None:
    edition = editions.create(EDITION, {"en": "Budget 2026"})
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
    """Yield stored ballots of 3.7 projects on average, the popular ones more often."""
    dice = np.random.default_rng(2)
    popularity = np.sort(np.exp(dice.normal(0, 1.1, number)))[::-1]
    bounds = np.cumsum(popularity / popularity.sum())
    for begin in range(0, ballots, 100_000):
        size = min(100_000, ballots - begin)
        sizes = np.minimum(1 + dice.poisson(2.9, size), CHOICES)
        drawn = np.minimum(np.searchsorted(bounds, dice.random((size, CHOICES))), number - 1) + 1
        for one, chosen in zip(sizes.tolist(), drawn.tolist(), strict=True):
            yield b"".join(n.to_bytes(2, "big") for n in sorted(set(chosen[:one])))


def cast_ballots(started: Servers, ballots: int, number: int) -> None:
    """Put ballots into the box, their voters on the roll and their receipts into the log."""
    say(f"{ballots} ballots are made")
    with _connect(started) as connection:
        connection.execute(f'SET search_path = "{SCHEMA}"'.encode())
        connection.execute("CREATE TEMPORARY TABLE made (n serial, choices bytea)")
        with connection.cursor().copy("COPY made (choices) FROM STDIN") as copy:
            for stored in made_ballots(ballots, number):
                copy.write(b"\\\\x" + stored.hex().encode() + b"\n")
        for statement in _CAST:
            connection.execute(statement)
        connection.execute("ANALYZE")
    say("they are in the box")


_CAST = (
    (
        "INSERT INTO participatory_budget_ballot (edition_id, slot, version, choices, district, channel, leaf)"
        " SELECT e.id, sha256(int4send(n)), 1, choices, '', 'web', sha256('leaf' || int4send(n))"
        " FROM made, participatory_budget_edition e ORDER BY 2"
    ),
    (
        "INSERT INTO participatory_budget_roll (edition_id, voter) SELECT e.id, sha256('voter' || int4send(n))"
        " FROM made, participatory_budget_edition e ORDER BY 2"
    ),
    (
        "INSERT INTO participatory_budget_log_entry (edition_id, leaf, batch)"
        " SELECT edition_id, leaf, 1 FROM participatory_budget_ballot ORDER BY leaf"
    ),
)


def _count_all(app: Flask, stages: Stages) -> None:
    with inside(app, SLUG):
        edition = editions.by_slug(EDITION)
        made = Batch(1, 1, bytes(32), START)
        head = {"leaves": 1, "root": made.root, "previous": START, "hash": made.hash, "sealed_at": now()}
        db.session.add(LogBatch(edition_id=edition.id, number=1, **head))
        edition_id = edition.id
        closing.close_now(edition_id)

    def in_city(call: Callable[[], object]) -> None:
        with inside(app, SLUG):
            call()

    stages.take("sealing", lambda: in_city(lambda: closing.seal_and_count(edition_id)))
    _run(app, stages, edition_id, RULES[0])
    with inside(app, SLUG):
        found = editions.by_id(edition_id, lock=True)
        found.method, found.completion = Method.EQUAL_SHARES, Completion.ADD1U
        counting.start_again(edition_id)
    _run(app, stages, edition_id, RULES[1])


def _run(app: Flask, stages: Stages, edition_id: UUID, rule: str) -> None:
    """Do the steps of a count one after the other, each in its transaction."""
    count_id, standing, total = _standing(app, edition_id)
    place: int | None = standing

    def read() -> None:
        nonlocal place
        while place is not None and place < total:
            place = _step(app, edition_id, count_id, place)

    def step() -> None:
        nonlocal place
        assert place is not None
        place = _step(app, edition_id, count_id, place)

    stages.take(f"{rule}: reading", read)
    stages.take(f"{rule}: counted by the database", step)
    stages.take(f"{rule}: deciding", step)
    stages.take(f"{rule}: the draft", step)
    if place is not None:
        raise SystemExit(f"the count stands at {place}")


def _step(app: Flask, edition_id: UUID, count_id: UUID, place: int) -> int | None:
    with inside(app, SLUG):
        counting.go_on(count_id, place)
    with inside(app, SLUG):
        count = counting.latest(editions.by_id(edition_id))
        assert count is not None
        if count.state is CountState.FAILED:
            raise SystemExit(f"the count failed: {count.failure}")
        return count.read + count.step if count.state is CountState.RUNNING else None


def _standing(app: Flask, edition_id: UUID) -> tuple[UUID, int, int]:
    with inside(app, SLUG):
        count = cast("Count", counting.latest(editions.by_id(edition_id)))
        return count.id, count.read + count.step, count.total


def _copy(started: Servers) -> None:
    with (
        _connect(started) as connection,
        connection.cursor().copy(
            f'COPY "{SCHEMA}".participatory_budget_sealed_ballot (choices) TO STDOUT (FORMAT binary)'.encode()
        ) as copy,
    ):
        for _block in copy:
            pass


def _sums(stages: Stages) -> list[tuple[str, str, str]]:
    floor = stages.wall["COPY of the ballots, the floor"]
    found = []
    for rule in RULES:
        wall = sum(seconds for name, seconds in stages.wall.items() if name.startswith(rule))
        found.append((rule, f"{wall:.1f}", f"{wall / floor:.1f}"))
    return found


def _connect(started: Servers) -> psycopg.Connection:
    return psycopg.connect(started.plain_url(started.postgres.dbname), autocommit=True)


def _version(started: Servers) -> str:
    with _connect(started) as connection:
        return str(connection.info.server_version // 10000)


if __name__ == "__main__":
    main()
