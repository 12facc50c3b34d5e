import io
import random
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from app.core.db import db
from modules.participatory_budget.models import Count, CountState, SealedBallot
from modules.participatory_budget.services import counting, importing
from tests.deployment import eventually, kill

pytestmark = pytest.mark.slow

BALLOTS, PROJECTS, MOST_CHOICES = 40_000, 30, 8
HEAD = {
    "description": "A vote that was cast elsewhere",
    "country": "Hungary",
    "unit": "Countville",
    "instance": "2026",
    "num_projects": PROJECTS,
    "num_votes": BALLOTS,
    "budget": 90_000,
    "vote_type": "approval",
    "rule": "greedy",
    "max_length": MOST_CHOICES,
}


def a_vote(dice):
    """Return a Pabulib file and the votes that each project has in it."""
    numbers = range(1, PROJECTS + 1)
    ballots = [sorted(dice.sample(numbers, dice.randint(1, MOST_CHOICES))) for _ in range(BALLOTS)]
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in HEAD.items())]
    lines += ["PROJECTS", "project_id;cost;name", *(f"{n};{n * 1000};Project {n}" for n in numbers)]
    lines += ["VOTES", "voter_id;vote"]
    lines += [f"{voter};{','.join(map(str, chosen))}" for voter, chosen in enumerate(ballots, start=1)]
    return io.BytesIO("\n".join(lines).encode()), Counter(number for ballot in ballots for number in ballot)


class Counting:
    """The count of one edition, looked at from outside while servers come and go."""

    def __init__(self, deployment, count_id):
        self.deployment, self.count_id = deployment, count_id
        self.read, self.state = 0, CountState.RUNNING

    def look(self):
        with self.deployment.look("countville"):
            count = db.session.get_one(Count, self.count_id)
            self.read, self.state = count.read, count.state

    def moves(self):
        """Wait until it has come further; returns False when it is done."""
        before = self.read

        def further():
            self.look()
            return self.read > before or self.state is not CountState.RUNNING

        eventually(further, seconds=40, what=f"another batch after {before} ballots")
        return self.state is CountState.RUNNING


def test_a_count_that_is_killed_again_and_again_finishes_by_itself_and_counts_each_ballot_once(deployment):
    dice = random.Random(7)
    file, votes = a_vote(dice)
    deployment.make_city("countville", "Countville")
    with deployment.arrange("countville"):
        edition = importing.import_pb(file, importing.ImportTexts("2026"))
        count = Counting(deployment, counting.start_again(edition.id).id)
    for victim in (deployment.worker, deployment.worker, deployment.postgres, deployment.worker):
        assert count.moves(), "the count was over before everything had been killed"
        time.sleep(dice.random() / 20)
        kill(victim)
        victim.start()
    eventually(lambda: not count.moves(), seconds=60, what="the end of the count")
    with deployment.look("countville"):
        done = db.session.scalars(select(Count)).one()
        assert (done.state, done.read, done.total) == (CountState.DONE, BALLOTS, BALLOTS)
        assert {int(number): given for number, given in done.votes.items()} == votes
        assert db.session.scalar(select(func.count()).select_from(SealedBallot)) == BALLOTS
