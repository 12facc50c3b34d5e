import pytest
from sqlalchemy import text

from app.sdk import db
from modules.participatory_budget.models import Contest, CountState, District
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.rules.contests import ContestsBy
from modules.participatory_budget.rules.marks import encode_marks
from modules.participatory_budget.rules.proof import merkle_root
from modules.participatory_budget.rules.ways import Channel
from modules.participatory_budget.services import closing, counting, editions, publishing, receipt_leaves
from modules.participatory_budget.tests import arranging

EURO = arranging.EURO


@pytest.fixture
def districts(in_city):
    """A vote in two districts and the whole city: 1 and 2 are for the north, 3 for the south, 4 and 5 for all."""

    def make(kind=BallotType.APPROVAL, **parts):
        with in_city("paris"):
            edition = arranging.knapsack(costs=[30, 40, 50, 60, 60])
            edition.ballot_type, edition.max_choices = kind, 5
            edition.balloting, edition.budget = parts, 160 * EURO
            for position, key in enumerate(("north", "south")):
                edition.districts.append(District(key=key, name=key.title(), position=position))
            for project, key in zip(edition.projects, ("north", "north", "south", "", ""), strict=True):
                project.district = key
            edition.contests_by = ContestsBy.DISTRICT
            for position, (key, money, to) in enumerate(
                (("", 60, None), ("north", 50, ""), ("south", 50, None))
            ):
                contest = Contest(key=key, position=position, budget=money * EURO, transfer_to=to)
                edition.contests.append(contest)
            db.session.flush()
            editions.show(edition.id)
            arranging.opened_as_it_is(edition)

    return make


def put(edition, votes):
    """Put ballots into the box and their voters on the roll."""
    for number, (channel, marks) in enumerate(votes):
        name = number.to_bytes(32, "big")
        values = {"e": edition.id, "n": name, "c": encode_marks(edition.ballot_type, marks), "w": channel}
        db.session.execute(
            text("INSERT INTO participatory_budget_roll (edition_id, voter) VALUES (:e, :n)"), values
        )
        db.session.execute(
            text(
                "INSERT INTO participatory_budget_ballot (edition_id, slot, version, choices, leaf, channel, district)"
                " VALUES (:e, :n, 1, :c, :n, :w, '')"
            ),
            values,
        )


def sealed():
    return [
        (row.contest, bytes(row.choices).hex())
        for row in db.session.execute(
            text("SELECT contest, choices FROM participatory_budget_sealed_ballot ORDER BY position")
        )
    ]


def test_a_ballot_becomes_one_of_each_contest_in_which_it_says_something(districts, in_city, run_tasks):
    districts()
    with in_city("paris"):
        edition = arranging.edition_of()
        web, paper = Channel.WEB.value, Channel.PAPER.value
        put(edition, [(web, {1: 1, 4: 1}), (web, {3: 1}), (paper, {2: 1, 4: 1, 5: 1}), (web, {1: 1})])
        closing.close_now(edition.id)
    run_tasks()
    with in_city("paris"):
        assert sealed() == [
            ("", "0004"),
            ("", "00040005"),
            ("north", "0001"),
            ("north", "0001"),
            ("north", "0002"),
            ("south", "0003"),
        ]
        count = counting.latest(arranging.edition_of())
        assert (count.state, count.read, count.recounted) == (CountState.DONE, 6, True)
        found = {one.contest: one for _text, one in publishing.protocols_of(count)}
        assert next(iter(found)) == "north"
        # One ballot on paper is not told from the others.
        assert found["north"].channels == {}
        assert found[""].channels == {}
        assert [entry.outcome.votes for entry in found["north"].projects] == [2, 1]
        # North buys the first for 30 of 50, and the whole city gets the 20: 80 pay for the fourth or the fifth.
        assert [(one.contest, one.amount) for one in found[""].received] == [("north", 20 * EURO)]
        assert [entry.number for entry in found[""].projects if entry.outcome.funded] == [4]


def test_places_and_points_are_split_as_they_stand(districts, in_city, run_tasks):
    districts(BallotType.POINTS, points=10)
    with in_city("paris"):
        edition = arranging.edition_of()
        put(edition, [("web", {1: 3, 4: 7}), ("web", {2: 10})])
        closing.close_now(edition.id)
    run_tasks()
    with in_city("paris"):
        assert sealed() == [("", "00040007"), ("north", "00010003"), ("north", "0002000a")]
        assert counting.latest(arranging.edition_of()).state is CountState.DONE


def test_the_root_of_the_receipts_is_fixed_when_the_ballots_are_sealed(closed, in_city, run_tasks):
    run_tasks()
    with in_city("paris"):
        edition = arranging.edition_of()
        found = list(receipt_leaves.leaves(edition.id))
        assert len(found) == 5
        assert edition.receipts_root == merkle_root(found)
        assert publishing.protocol_of(counting.finished(edition)).receipts_root == merkle_root(found).hex()
