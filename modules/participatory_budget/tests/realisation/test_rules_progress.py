"""How far a project is, what is late, what has been spent."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from modules.participatory_budget.rules.realisation.progress import (
    Progress,
    State,
    current,
    is_stale,
    overdue,
    progress,
    spent,
    state_after,
)

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Step:
    planned: date | None = None
    actual: date | None = None


@dataclass(frozen=True)
class Entry:
    id: int
    amount: int
    corrects_id: int | None = None


REACHED = Step(TODAY - timedelta(5), TODAY - timedelta(2))
LATE = Step(TODAY - timedelta(1))
COMING = Step(TODAY)


def test_progress_counts_the_steps_that_were_reached():
    assert progress([REACHED, LATE, COMING]) == Progress(1, 3)
    assert (progress([REACHED, LATE, COMING]).percent, progress([]).percent) == (33, 0)
    assert current([REACHED, LATE, COMING]) is LATE
    assert current([REACHED]) is None


def test_a_step_is_late_from_the_day_after_its_own_until_it_is_reached():
    assert list(overdue([REACHED, LATE, COMING, Step()], TODAY)) == [LATE]
    assert list(overdue([COMING], TODAY + timedelta(1))) == [COMING]


def test_the_state_follows_the_steps():
    assert state_after(State.PLANNED, [REACHED, COMING]) is State.UNDER_WAY
    assert state_after(State.PAUSED, [REACHED, COMING]) is State.PAUSED
    assert state_after(State.PAUSED, [REACHED]) is State.DONE
    assert state_after(State.ABANDONED, [REACHED]) is State.ABANDONED
    assert state_after(State.DONE, [REACHED, COMING]) is State.UNDER_WAY
    assert state_after(State.DONE, []) is State.DONE
    assert state_after(State.PLANNED, [COMING]) is State.PLANNED


def test_a_promise_is_stale_after_the_days_the_city_allows_itself():
    heard = datetime(2026, 1, 1, tzinfo=UTC)
    assert not is_stale(heard, heard + timedelta(days=90), 90)
    assert is_stale(heard, heard + timedelta(days=90, seconds=1), 90)


def test_a_correction_takes_the_place_of_what_was_wrong():
    entries = [Entry(1, 1000), Entry(2, 500), Entry(3, 100, corrects_id=1), Entry(4, 0, corrects_id=2)]
    assert spent(entries) == 100


@given(st.lists(st.integers(0, 10**9), max_size=8), st.integers(0, 10**9))
def test_correcting_an_entry_by_another_twice_leaves_the_last_amount(amounts, last):
    chain = [
        Entry(place, amount, place - 1 if place else None) for place, amount in enumerate([*amounts, last])
    ]
    assert spent(chain) == last
