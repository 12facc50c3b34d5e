"""Taking a vote back and changing the district while something else happens: each order of events is forced."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select, text

from app.sdk import Conflict, NotFound, db
from modules.participatory_budget.models import Ballot, Draft, RollEntry, SealedBallot
from modules.participatory_budget.rules.marks import as_choices
from modules.participatory_budget.services import box, casting, closing, drafts
from modules.participatory_budget.services.sealing import seal
from modules.participatory_budget.tests import arranging
from modules.participatory_budget.tests.test_voting_races import PATIENCE, gate_before

from . import papers

ANNA = "anna@paris.example"


@pytest.fixture
def at_once():
    with ThreadPoolExecutor(4) as pool:
        yield pool.submit


@pytest.fixture
def doing(in_city):
    """Do something with the edition and a voter in a transaction of its own."""

    def do(act, *, gate=None, email=ANNA):
        with in_city("paris"):
            if gate:
                gate.guard()
            edition = arranging.edition_of()
            return act(edition, arranging.voter(email, edition))

    return do


@pytest.fixture
def rows(in_city):
    def number(kind):
        with in_city("paris"):
            return db.session.scalar(select(func.count()).select_from(kind)) or 0

    return number


@pytest.fixture
def wait_for_lock(in_city):
    def act(future):
        until = monotonic() + PATIENCE
        while monotonic() < until:
            with in_city("paris"):
                waiting = db.session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
            if waiting:
                assert not future.done()
                return
            sleep(0.02)
        raise AssertionError("nobody waits")

    return act


@pytest.fixture
def turnout(doing):
    return lambda: doing(lambda edition, _anna: casting.turnout(edition))


@pytest.fixture
def voted(in_city, site, doing):
    """Anna has voted in a vote that is open."""
    site("paris", role="resident", email=ANNA)
    site("paris", role="resident", email="bela@paris.example")
    with in_city("paris"):
        arranging.opened(arranging.knapsack())
    doing(cast_for(1))


def cast_for(*numbers, seen=0, key="first page", district="", marks=None):
    def act(edition, voter):
        given = marks or as_choices(numbers)
        return casting.cast(edition, voter, given, seen_version=seen, key=key, district=district)

    return act


def take_back(edition, voter):
    casting.withdraw(edition, voter, seen_version=1)


def close(edition, _voter):
    closing.close_now(edition.id)


def sealed(edition, _voter):
    seal(edition)


def test_a_vote_taken_back_while_the_vote_closes_is_in_no_count(
    voted, doing, at_once, rows, wait_for_lock, turnout
):
    with gate_before("DELETE FROM participatory_budget_roll") as gate:
        leaving = at_once(doing, take_back, gate=gate)
        assert gate.reached.wait(PATIENCE)
        closing_now = at_once(doing, close)
        wait_for_lock(closing_now)
        gate.open.set()
        leaving.result(PATIENCE)
        closing_now.result(PATIENCE)
    doing(sealed)
    assert (rows(SealedBallot), rows(RollEntry), rows(Ballot), turnout()) == (0, 0, 0, 0)


def test_a_vote_cannot_be_taken_back_once_the_vote_closes(
    voted, doing, at_once, rows, wait_for_lock, turnout
):
    with gate_before("outbox") as gate:
        closing_now = at_once(doing, close, gate=gate)
        assert gate.reached.wait(PATIENCE)
        leaving = at_once(doing, take_back)
        wait_for_lock(leaving)
        gate.open.set()
        closing_now.result(PATIENCE)
        with pytest.raises(box.VoteNotOpen):
            leaving.result(PATIENCE)
    doing(sealed)
    assert (rows(SealedBallot), rows(RollEntry), turnout()) == (1, 1, 1)


def test_a_change_that_comes_while_the_vote_is_taken_back_is_no_new_vote(
    voted, doing, at_once, rows, wait_for_lock, turnout
):
    with gate_before("DELETE FROM participatory_budget_roll") as gate:
        leaving = at_once(doing, take_back, gate=gate)
        assert gate.reached.wait(PATIENCE)
        changing = at_once(doing, cast_for(4, seen=1, key="other page"))
        wait_for_lock(changing)
        gate.open.set()
        leaving.result(PATIENCE)
        with pytest.raises(casting.TakenBack):
            changing.result(PATIENCE)
    assert (rows(Ballot), rows(RollEntry), turnout()) == (0, 0, 0)


def test_a_vote_that_is_being_changed_is_not_taken_back_unseen(
    voted, doing, at_once, rows, wait_for_lock, turnout
):
    with gate_before("INSERT INTO mail") as gate:
        changing = at_once(doing, cast_for(4, seen=1, key="other page"), gate=gate)
        assert gate.reached.wait(PATIENCE)
        leaving = at_once(doing, take_back)
        wait_for_lock(leaving)
        gate.open.set()
        changing.result(PATIENCE)
        with pytest.raises(casting.AlreadyVotedElsewhere):
            leaving.result(PATIENCE)
    assert (rows(Ballot), rows(RollEntry), turnout()) == (1, 1, 1)


def test_a_first_vote_from_another_window_waits_for_the_one_that_is_taken_back(
    voted, doing, at_once, rows, wait_for_lock, turnout
):
    with gate_before("DELETE FROM participatory_budget_roll") as gate:
        leaving = at_once(doing, take_back, gate=gate)
        assert gate.reached.wait(PATIENCE)
        voting = at_once(doing, cast_for(4, key="other page"))
        wait_for_lock(voting)
        gate.open.set()
        leaving.result(PATIENCE)
        voting.result(PATIENCE)
    assert (rows(Ballot), rows(RollEntry), turnout()) == (1, 1, 1)
    assert doing(lambda edition, anna: drafts.my_ballot(edition, anna).choices) == (4,)


def test_taking_a_vote_back_twice_at_once_takes_one_voter_off(
    voted, doing, at_once, rows, wait_for_lock, turnout
):
    doing(cast_for(2), email="bela@paris.example")
    with gate_before("DELETE FROM participatory_budget_roll") as gate:
        first = at_once(doing, take_back, gate=gate)
        assert gate.reached.wait(PATIENCE)
        second = at_once(doing, take_back)
        wait_for_lock(second)
        gate.open.set()
        first.result(PATIENCE)
        with pytest.raises(Conflict):
            second.result(PATIENCE)
    assert (rows(Ballot), rows(RollEntry), turnout()) == (1, 1, 1)


def test_a_page_that_is_sent_again_after_the_vote_was_taken_back_brings_it_not_back(voted, doing, rows):
    doing(take_back)
    with pytest.raises(casting.TakenBack):
        doing(cast_for(1))
    assert (rows(Ballot), rows(RollEntry)) == (0, 0)
    doing(cast_for(1, key="a new page"))
    assert (rows(Ballot), rows(RollEntry)) == (1, 1)


@pytest.fixture
def in_districts(in_city, site):
    """Anna can choose among two districts; 1 is for the whole city, 2 for the north, 3 for the south."""
    site("paris", role="resident", email=ANNA)
    with in_city("paris"):
        arranging.opened(papers.by_district(papers.judged(number=1), each=1))


def in_north(edition, voter):
    return drafts.change_district(edition, voter, "north")


def in_south(edition, voter):
    return drafts.change_district(edition, voter, "south")


def mark(number):
    return lambda edition, voter: drafts.mark(edition, voter, {number: 3})


def test_a_ballot_for_one_district_comes_in_whole_while_another_window_changes_the_district(
    in_districts, doing, at_once, wait_for_lock, rows
):
    doing(in_north)
    doing(mark(2))
    with gate_before("INSERT INTO participatory_budget_roll") as gate:
        voting = at_once(doing, cast_for(marks={2: 3}, district="north"), gate=gate)
        assert gate.reached.wait(PATIENCE)
        doing(in_south)
        gate.open.set()
        voting.result(PATIENCE)
    mine = doing(drafts.my_ballot)
    assert (mine.marks, mine.district) == ({2: 3}, "north")
    assert rows(Draft) == 0


def test_a_mark_for_the_former_district_that_comes_while_it_is_changed_is_refused(
    in_districts, doing, at_once, wait_for_lock
):
    doing(in_north)
    with gate_before("UPDATE participatory_budget_draft") as gate:
        moving = at_once(doing, in_south, gate=gate)
        assert gate.reached.wait(PATIENCE)
        marking = at_once(doing, mark(2))
        wait_for_lock(marking)
        gate.open.set()
        moving.result(PATIENCE)
        with pytest.raises(NotFound):
            marking.result(PATIENCE)
    chosen = doing(drafts.draft)
    assert (chosen.marks, chosen.district) == ({}, "south")


def test_a_mark_that_came_before_the_change_of_district_is_dropped_by_it(
    in_districts, doing, at_once, wait_for_lock
):
    doing(in_north)
    with gate_before("UPDATE participatory_budget_draft") as gate:
        marking = at_once(doing, mark(2), gate=gate)
        assert gate.reached.wait(PATIENCE)
        moving = at_once(doing, in_south)
        wait_for_lock(moving)
        gate.open.set()
        marking.result(PATIENCE)
        moving.result(PATIENCE)
    chosen = doing(drafts.draft)
    assert (chosen.marks, chosen.district) == ({}, "south")
