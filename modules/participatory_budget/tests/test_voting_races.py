"""Two people, or one person twice, at the same moment: each order of events is forced, none is left to luck."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from time import monotonic, sleep

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from app.accounts import services
from app.accounts.privacy import leaving
from app.sdk import Conflict, Forbidden, db
from modules.participatory_budget.models import Arrival, Ballot, Draft, RollEntry, SealedBallot, SealedReceipt
from modules.participatory_budget.rules import proof
from modules.participatory_budget.rules.marks import as_choices
from modules.participatory_budget.services import box, casting, closing, drafts, editions
from tenants import schema

from . import arranging

PATIENCE = 20


class Gate:
    """Holds the thread that is about to send a statement until it is let through."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.thread: int | None = None
        self.reached, self.open = threading.Event(), threading.Event()

    def hold(self, _conn, _cursor, statement, *_rest):
        if threading.get_ident() == self.thread and self.words in statement:
            self.reached.set()
            assert self.open.wait(PATIENCE)

    def guard(self):
        self.thread = threading.get_ident()


def gate_before(words: str) -> AbstractContextManager[Gate]:
    return _gate("before_cursor_execute", words)


def gate_after(words: str) -> AbstractContextManager[Gate]:
    """Hold the thread that has read something before it does anything with it."""
    return _gate("after_cursor_execute", words)


@contextmanager
def _gate(moment: str, words: str) -> Iterator[Gate]:
    gate = Gate(words)
    event.listen(Engine, moment, gate.hold)
    try:
        yield gate
    finally:
        gate.open.set()
        event.remove(Engine, moment, gate.hold)


@pytest.fixture
def at_once():
    """Run something in a thread of its own; returns its future."""
    with ThreadPoolExecutor(4) as pool:
        yield pool.submit


@pytest.fixture
def vote(in_city, site):
    """An open vote in paris with two residents."""
    site("paris", role="resident", email="anna@paris.example")
    site("paris", role="resident", email="bela@paris.example")
    with in_city("paris"):
        arranging.opened(arranging.knapsack())


@pytest.fixture
def cast(in_city):
    def act(email: str, choices, *, key: str = "", seen: int = 0, gate: Gate | None = None):
        with in_city("paris"):
            if gate:
                gate.guard()
            edition, voter = arranging.edition_of(), arranging.voter(email)
            return casting.cast(edition, voter, as_choices(choices), seen_version=seen, key=key or email)

    return act


@pytest.fixture
def leave(in_city):
    def act(gate: Gate | None = None):
        with in_city("paris"):
            if gate:
                gate.guard()
            leaving.leave(arranging.person("anna@paris.example"), "anna@paris.example")

    return act


@pytest.fixture
def choose(in_city):
    def act(email: str, number: int, *, gate: Gate | None = None):
        with in_city("paris"):
            if gate:
                gate.guard()
            edition, voter = arranging.edition_of(), arranging.voter(email)
            return drafts.choose(edition, voter, number, add=True)

    return act


@pytest.fixture
def close(in_city):
    def act(gate: Gate | None = None):
        with in_city("paris"):
            if gate:
                gate.guard()
            closing.close_now(arranging.edition_of().id)

    return act


@pytest.fixture
def seal(in_city):
    def act(gate: Gate | None = None):
        with in_city("paris"):
            if gate:
                gate.guard()
            return closing.seal_and_count(arranging.edition_of().id)

    return act


@pytest.fixture
def rows(in_city):
    def number(kind) -> int:
        with in_city("paris"):
            return db.session.scalar(select(func.count()).select_from(kind)) or 0

    return number


@pytest.fixture
def wait_for_lock(in_city):
    """Wait until somebody in the database waits for a lock."""

    def act(future: Future):
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
def kill_whoever_is_at_the_box(app):
    """End the database connection that casts, as the death of its process would."""

    def act() -> None:
        kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        with app.app_context(), schema.owner_transaction() as connection:
            assert connection.exec_driver_sql(kill).all() == [(True,)]

    return act


def test_a_ballot_checked_before_the_close_is_in_the_count(
    vote, cast, close, seal, at_once, rows, wait_for_lock
):
    with gate_before("INSERT INTO participatory_budget_ballot") as gate:
        casting_now = at_once(cast, "anna@paris.example", [1], gate=gate)
        assert gate.reached.wait(PATIENCE)
        closing_now = at_once(close)
        wait_for_lock(closing_now)
        gate.open.set()
        casting_now.result(PATIENCE)
        closing_now.result(PATIENCE)
    assert seal()
    assert (rows(SealedBallot), rows(RollEntry), rows(Ballot)) == (1, 1, 0)


def test_a_ballot_that_comes_while_the_vote_is_closed_is_refused(
    vote, cast, close, at_once, rows, wait_for_lock
):
    with gate_before("INSERT INTO shared.outbox") as gate:
        closing_now = at_once(close, gate)
        assert gate.reached.wait(PATIENCE)
        casting_now = at_once(cast, "anna@paris.example", [1])
        wait_for_lock(casting_now)
        gate.open.set()
        closing_now.result(PATIENCE)
        with pytest.raises(box.VoteNotOpen):
            casting_now.result(PATIENCE)
    assert (rows(SealedBallot), rows(RollEntry), rows(Ballot)) == (0, 0, 0)


def test_who_leaves_while_her_ballot_comes_in_is_known_again(vote, cast, leave, at_once, rows, in_city):
    with in_city("paris"):
        before = arranging.person("anna@paris.example").id
    with gate_before("INSERT INTO participatory_budget_ballot") as gate:
        casting_now = at_once(cast, "anna@paris.example", [1], gate=gate)
        assert gate.reached.wait(PATIENCE)
        leaving_now = at_once(leave)
        with pytest.raises(TimeoutError):
            leaving_now.result(0.5)
        gate.open.set()
        casting_now.result(PATIENCE)
        leaving_now.result(PATIENCE)
    with in_city("paris"):
        assert services.new_account("anna@paris.example", "Anna").id == before
    assert rows(RollEntry) == 1


def test_a_ballot_that_comes_while_its_voter_leaves_is_refused(vote, cast, leave, at_once, rows):
    with gate_before("DELETE FROM account_session") as gate:
        leaving_now = at_once(leave, gate)
        assert gate.reached.wait(PATIENCE)
        casting_now = at_once(cast, "anna@paris.example", [1])
        with pytest.raises(TimeoutError):
            casting_now.result(0.5)
        gate.open.set()
        leaving_now.result(PATIENCE)
        with pytest.raises(Forbidden):
            casting_now.result(PATIENCE)
    assert (rows(RollEntry), rows(Ballot)) == (0, 0)


def test_a_choice_that_comes_while_the_vote_is_closed_leaves_no_draft(
    vote, choose, close, seal, at_once, rows, wait_for_lock
):
    with gate_before("INSERT INTO participatory_budget_draft") as gate:
        choosing_now = at_once(choose, "anna@paris.example", 1, gate=gate)
        assert gate.reached.wait(PATIENCE)
        closing_now = at_once(close)
        wait_for_lock(closing_now)
        late = at_once(choose, "bela@paris.example", 2)
        gate.open.set()
        choosing_now.result(PATIENCE)
        closing_now.result(PATIENCE)
        with pytest.raises(box.VoteNotOpen):
            late.result(PATIENCE)
    seal()
    assert rows(Draft) == 0


def test_two_closes_at_once_close_once(vote, close, at_once, wait_for_lock):
    with gate_before("INSERT INTO shared.outbox") as gate:
        first = at_once(close, gate)
        assert gate.reached.wait(PATIENCE)
        second = at_once(close)
        wait_for_lock(second)
        gate.open.set()
        first.result(PATIENCE)
        with pytest.raises(Conflict):
            second.result(PATIENCE)


def test_two_workers_at_once_seal_the_ballots_once(vote, cast, close, seal, at_once, rows, wait_for_lock):
    cast("anna@paris.example", [1])
    close()
    with gate_before("INSERT INTO participatory_budget_sealed_ballot") as gate:
        first = at_once(seal, gate)
        assert gate.reached.wait(PATIENCE)
        second = at_once(seal)
        wait_for_lock(second)
        gate.open.set()
        assert first.result(PATIENCE) is True
        assert second.result(PATIENCE) is False
    assert (rows(SealedBallot), rows(SealedReceipt)) == (1, 1)


def test_two_windows_that_vote_for_the_first_time_leave_one_ballot(vote, cast, at_once, rows, wait_for_lock):
    with gate_before("INSERT INTO mail") as gate:
        first = at_once(cast, "anna@paris.example", [1], key="window one", gate=gate)
        assert gate.reached.wait(PATIENCE)
        second = at_once(cast, "anna@paris.example", [2], key="window two")
        wait_for_lock(second)
        gate.open.set()
        first.result(PATIENCE)
        with pytest.raises(casting.AlreadyVotedElsewhere):
            second.result(PATIENCE)
    assert (rows(Ballot), rows(RollEntry), rows(Arrival)) == (1, 1, 1)


def test_a_button_pressed_twice_at_once_gives_one_ballot_and_the_same_code_twice(
    vote, cast, at_once, rows, wait_for_lock
):
    with gate_before("INSERT INTO mail") as gate:
        first = at_once(cast, "anna@paris.example", [1, 4], key="same page", gate=gate)
        assert gate.reached.wait(PATIENCE)
        second = at_once(cast, "anna@paris.example", [1, 4], key="same page")
        wait_for_lock(second)
        gate.open.set()
        assert first.result(PATIENCE).code == second.result(PATIENCE).code
    assert (rows(Ballot), rows(RollEntry)) == (1, 1)


def test_two_windows_that_change_the_same_ballot_are_told_apart(vote, cast, at_once, in_city, wait_for_lock):
    cast("anna@paris.example", [1])
    with gate_before("INSERT INTO mail") as gate:
        first = at_once(cast, "anna@paris.example", [2], key="window one", seen=1, gate=gate)
        assert gate.reached.wait(PATIENCE)
        second = at_once(cast, "anna@paris.example", [3], key="window two", seen=1)
        wait_for_lock(second)
        gate.open.set()
        first.result(PATIENCE)
        with pytest.raises(casting.AlreadyVotedElsewhere):
            second.result(PATIENCE)
    with in_city("paris"):
        mine = drafts.my_ballot(arranging.edition_of(), arranging.voter("anna@paris.example"))
        assert (mine.choices, mine.version) == ((2,), 2)


def test_a_process_that_dies_between_ballot_and_receipt_leaves_nothing(
    vote, cast, at_once, rows, kill_whoever_is_at_the_box
):
    with gate_before("INSERT INTO mail") as gate:
        dying = at_once(cast, "anna@paris.example", [1], gate=gate)
        assert gate.reached.wait(PATIENCE)
        kill_whoever_is_at_the_box()
        gate.open.set()
        with pytest.raises(OperationalError):
            dying.result(PATIENCE)
    assert (rows(Ballot), rows(RollEntry), rows(Arrival)) == (0, 0, 0)

    receipt = cast("anna@paris.example", [1])
    assert proof.leaf(receipt.code)
    assert (rows(Ballot), rows(RollEntry)) == (1, 1)


def test_different_people_vote_at_the_same_time_without_waiting(vote, cast, at_once, rows):
    with gate_before("INSERT INTO mail") as gate:
        first = at_once(cast, "anna@paris.example", [1], gate=gate)
        assert gate.reached.wait(PATIENCE)
        at_once(cast, "bela@paris.example", [2]).result(PATIENCE)
        gate.open.set()
        first.result(PATIENCE)
    assert (rows(Ballot), rows(RollEntry)) == (2, 2)


def test_extending_waits_for_no_voter_and_keeps_the_box_open(vote, cast, at_once, rows, in_city):
    with gate_before("INSERT INTO participatory_budget_ballot") as gate:
        casting_now = at_once(cast, "anna@paris.example", [1], gate=gate)
        assert gate.reached.wait(PATIENCE)
        with in_city("paris"):
            edition = arranging.edition_of()
            editions.extend(edition.id, edition.closes_at.replace(year=edition.closes_at.year + 1))
        gate.open.set()
        casting_now.result(PATIENCE)
    assert rows(Ballot) == 1
