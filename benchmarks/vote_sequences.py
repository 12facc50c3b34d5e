"""Ten thousand random sequences of acts, drawn by Hypothesis, of concurrent voters, against a model of the box.

Votes, changes, old pages, second clicks, withdrawals, other districts, and two windows of one voter, by as many clients at
once as there are voters; strategies, rules and model are those of the tests. The first thing that breaks ends the run:
Hypothesis then says the shortest acts that break it.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.models import Account
from app.core import config
from app.core.clock import now
from app.core.db import db
from benchmarks import vote_path
from benchmarks.measuring import machine, say, table
from benchmarks.servers import Servers, servers
from modules.participatory_budget.models import Edition
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.services import closing, voters
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.ballots import papers
from modules.participatory_budget.tests.sequences import Kind, Model, Sequences, Step, acts, runs
from tenants.inside import inside

QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


def main() -> None:
    """Run the sequences and print how many there were."""
    wanted = _options()
    with servers() as started:
        os.environ.update(started.environment)
        app = vote_path.prepare(config.read(started.environment))
        list(vote_path.people(started, wanted.voters))
        began, total = time.monotonic(), Total()

        @seed(wanted.seed)
        @settings(max_examples=-(-wanted.sequences // wanted.voters), **QUIET)
        @given(
            runs(wanted.voters, least=1, most=wanted.most),
            st.lists(st.tuples(acts, acts), max_size=wanted.voters // 4),
        )
        def votes(run: list[list[Step]], duels: list[tuple[Step, Step]]) -> None:
            _play(app, run, duels, total)
            say(f"{total.sequences} of {wanted.sequences}")

        votes()
        _report(started, total, seconds=time.monotonic() - began, wanted=wanted)


@dataclass
class Total:
    """What has been done so far."""

    done: Counter[Kind] = field(default_factory=Counter)
    votes: int = 0
    sequences: int = 0
    acknowledged: int = 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sequences", type=int, default=10_000, help="how many sequences there are at least (10000)"
    )
    parser.add_argument("--voters", type=int, default=16, help="how many voters act at once (16)")
    parser.add_argument("--most", type=int, default=6, help="the longest sequence of one voter (6)")
    parser.add_argument("--seed", type=int, default=int(now().timestamp()), help="what the acts follow from")
    return parser.parse_args()


def _play(app: Flask, steps: list[list[Step]], duels: list[tuple[Step, Step]], total: Total) -> None:
    """Hold one vote, from its opening to its sealing."""
    total.votes += 1
    run = _run(app, f"run-{total.votes}", len(steps))
    run.run(steps)
    run.check_box()
    for number, pair in enumerate(duels):
        run.duel(number, pair)
    run.check_box()
    with inside(app, vote_path.SLUG):
        closing.close_now(run.edition().id)
    with inside(app, vote_path.SLUG):
        closing.seal_and_count(run.edition().id)
    run.check_sealed()
    total.done.update(step.kind for mine in (*steps, *duels) for step in mine)
    total.sequences += len(steps)
    total.acknowledged += run.acknowledged


def _run(app: Flask, slug: str, number: int) -> Sequences:
    with inside(app, vote_path.SLUG):
        edition = arranging.knapsack(slug, costs=(60, 50, 40))
        edition.ballot_type, edition.max_choices = BallotType.APPROVAL, 2
        arranging.opened(papers.by_district(edition))
    return Sequences(
        lambda: _as_on_a_page(app),
        lambda: db.session.scalars(select(Edition).where(Edition.slug == slug)).one(),
        lambda place, edition: voters.by_account(edition, _person(place)),
        [Model() for _voter in range(number)],
    )


@contextmanager
def _as_on_a_page(app: Flask) -> Iterator[None]:
    """Do one act in a transaction and a request of its own: receipts go out by mail, with links."""
    host = f"{vote_path.SLUG}.{vote_path.BASE}"
    with app.test_request_context(base_url=f"http://{host}"), inside(app, vote_path.SLUG):
        yield


def _person(place: int) -> Account:
    return db.session.scalars(select(Account).where(Account.email == f"p{place + 1}@rush.example")).one()


def _report(started: Servers, total: Total, *, seconds: float, wanted: argparse.Namespace) -> None:
    with psycopg.connect(started.plain_url(started.postgres.dbname)) as connection:
        version = str(connection.info.server_version // 10000)
    print(machine(version))
    rows = [(kind.value, number) for kind, number in total.done.items()]
    print(
        table(
            ("what", "number"),
            [
                *rows,
                ("acts in all", sum(total.done.values())),
                ("sequences, one for each voter of each vote", total.sequences),
                ("ballots acknowledged", total.acknowledged),
                ("votes, each sealed and compared", total.votes),
                ("voters at once", wanted.voters),
                ("seed", wanted.seed),
                ("seconds", f"{seconds:.0f}"),
                ("broken", 0),
            ],
        )
    )


if __name__ == "__main__":
    main()
