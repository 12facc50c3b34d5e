"""The count and the database's own count run side by side; nothing goes on before both are there and agree."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from modules.participatory_budget import tasks
from modules.participatory_budget.models import CountState, Failure
from modules.participatory_budget.services import counting

from .. import arranging
from ..test_voting_races import PATIENCE, gate_after

OTHER = "0" * 64


def latest():
    return counting.latest(arranging.edition_of())


def read_and_decide(in_city):
    """Do all parts of the first count, as often as there is one."""
    for _part in range(6):
        with in_city("paris"):
            count = latest()
            tasks.count(str(count.id), counting._place(count))


@pytest.fixture
def count_again(in_city):
    def act():
        with in_city("paris"):
            tasks.count_again(str(latest().id))

    return act


def test_a_count_waits_for_the_second_which_has_it_go_on(closed, in_city, count_again, run_tasks):
    read_and_decide(in_city)
    with in_city("paris"):
        found = latest()
        assert (found.state, found.read, found.step) == (CountState.RUNNING, found.total, 2)
        assert found.first_sha256
        assert not found.second_sha256
    count_again()
    with in_city("paris"):
        assert latest().second_sha256 == latest().first_sha256
    run_tasks()
    with in_city("paris"):
        assert latest().state is CountState.DONE


def test_the_second_may_be_there_first_and_is_made_once(closed, in_city, count_again):
    count_again()
    with in_city("paris"):
        assert latest().second_sha256
        assert latest().read == 0
        latest().second_sha256 = OTHER
    count_again()
    with in_city("paris"):
        assert latest().second_sha256 == OTHER


def test_a_second_count_that_ends_while_the_first_looks_for_it_is_found(
    closed, in_city, count_again, run_tasks
):
    read_and_decide(in_city)

    def look(gate):
        with in_city("paris"):
            count = latest()
            gate.guard()
            counting.go_on(count.id, counting._place(count))

    with ThreadPoolExecutor(1) as pool, gate_after("FROM participatory_budget_count") as gate:
        looks = pool.submit(look, gate)
        assert gate.reached.wait(PATIENCE)
        count_again()
        assert "participatory_budget.count" in run_tasks()
        gate.open.set()
        looks.result(PATIENCE)
    run_tasks()
    with in_city("paris"):
        assert latest().state is CountState.DONE


def test_a_message_that_comes_too_late_keeps_nobody_from_the_next_part(app, closed, in_city):
    with in_city("paris"):
        count_id = str(latest().id)
        tasks.count(count_id, 0)
    with in_city("paris"):
        # Its transaction is still open while another worker has the message whose turn it is.
        tasks.count(count_id, 0)
        with app.app_context(), in_city("paris"):
            place = counting._place(latest())
            tasks.count(count_id, place)
            assert counting._place(latest()) == place + 1


@pytest.mark.parametrize("which", ["first_sha256", "second_sha256"])
def test_counts_that_differ_end_it(closed, in_city, count_again, run_tasks, which):
    read_and_decide(in_city)
    if which == "second_sha256":
        count_again()
    with in_city("paris"):
        setattr(latest(), which, OTHER)
    run_tasks()
    with in_city("paris"):
        assert (latest().state, latest().failure) == (CountState.FAILED, Failure.TWO_COUNTS_DIFFER)


def test_what_was_lost_is_asked_for_again(closed, in_city, run_tasks):
    read_and_decide(in_city)
    with in_city("paris"):
        assert counting.resume() == 1
    assert "participatory_budget.count_again" in run_tasks()
    with in_city("paris"):
        assert latest().state is CountState.DONE
        assert counting.resume() == 0


def test_a_second_count_that_comes_after_the_end_changes_nothing(counted, in_city, count_again):
    with in_city("paris"):
        assert latest().state is CountState.DONE
        latest().second_sha256 = ""
    count_again()
    with in_city("paris"):
        assert not latest().second_sha256
