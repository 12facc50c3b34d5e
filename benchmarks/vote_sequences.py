"""Ten thousand random acts of concurrent voters, against a model that knows what must lie in the box.

Votes, changes, old pages, second clicks, withdrawals, other districts, and two windows of one voter, by as many clients at
once as there are voters; the rules are the product's own, the model is that of the tests. It says how many acts there
were, and that nothing broke; the first thing that does ends the run with what was seen.
"""

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import Flask
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
from modules.participatory_budget.tests.sequences import Kind, Model, Sequences, Step
from tenants.inside import inside

PROJECTS = 9
KINDS = (*(Kind.VOTE,) * 5, Kind.STALE, Kind.AGAIN, Kind.WITHDRAW, Kind.DRAFT)


def main() -> None:
    """Run the sequences and print how many there were."""
    given = _options()
    chance = random.Random(given.seed)
    with servers() as started:
        os.environ.update(started.environment)
        app = vote_path.prepare(config.read(started.environment))
        list(vote_path.people(started, given.voters))
        done: Counter[Kind] = Counter()
        began, edition_number, taken = time.monotonic(), 0, 0
        while sum(done.values()) < given.acts:
            edition_number += 1
            run = _run(app, f"run-{edition_number}", given.voters)
            for _round in range(given.rounds):
                steps = [[_step(chance) for _act in range(given.length)] for _voter in run.models]
                run.run(steps)
                done.update(step.kind for mine in steps for step in mine)
                run.check_box()
                for number in range(0, given.voters, 4):
                    run.duel(number, (_step(chance), _step(chance)))
                run.check_box()
            taken += run.acknowledged
            with inside(app, vote_path.SLUG):
                closing.close_now(run.edition().id)
            with inside(app, vote_path.SLUG):
                closing.seal_and_count(run.edition().id)
            run.check_sealed()
            say(f"{sum(done.values())} of {given.acts}")
        _report(started, done, edition_number, taken, seconds=time.monotonic() - began, given=given)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=10_000, help="how many acts there are (10000)")
    parser.add_argument("--voters", type=int, default=8, help="how many voters act at once (8)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often they all begin together in a vote (3)"
    )
    parser.add_argument(
        "--length", type=int, default=10, help="how many acts of a voter follow each other (10)"
    )
    parser.add_argument("--seed", type=int, default=int(now().timestamp()), help="what the acts follow from")
    return parser.parse_args()


def _step(chance: random.Random) -> Step:
    chosen = chance.sample(range(1, PROJECTS + 2), chance.randrange(5))
    return Step(
        chance.choice(KINDS), tuple(sorted(chosen)), chance.choice(("north", "north", "south", "west"))
    )


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


def _report(
    started: Servers,
    done: Counter[Kind],
    editions: int,
    acknowledged: int,
    *,
    seconds: float,
    given: argparse.Namespace,
) -> None:
    with psycopg.connect(started.plain_url(started.postgres.dbname)) as connection:
        version = str(connection.info.server_version // 10000)
    print(machine(version))
    rows = [(kind.value, number) for kind, number in done.items()]
    print(
        table(
            ("what", "number"),
            [
                *rows,
                ("acts in all", sum(done.values())),
                ("sequences, one for each voter of each vote", editions * given.voters),
                ("ballots acknowledged", acknowledged),
                ("votes, each sealed and compared", editions),
                ("voters at once", given.voters),
                ("seed", given.seed),
                ("seconds", f"{seconds:.0f}"),
                ("broken", 0),
            ],
        )
    )


if __name__ == "__main__":
    main()
