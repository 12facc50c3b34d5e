"""How far a project is, what is late, and what has been spent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

STALE_DAYS = 90
"""After so many days without news a promise is stale, where a city sets nothing else."""
FEWEST_STALE_DAYS, MOST_STALE_DAYS = 14, 730


class State(StrEnum):
    """Where a project stands."""

    PLANNED = "planned"
    UNDER_WAY = "under-way"
    PAUSED = "paused"
    ABANDONED = "abandoned"
    DONE = "done"


ENDED = frozenset({State.DONE, State.ABANDONED})
EXPLAINED = frozenset({State.PAUSED, State.ABANDONED})
"""States for which a city owes a reason."""


class Step(Protocol):
    """A step with the day for which it is planned and the day on which it was reached."""

    @property
    def planned(self) -> date | None:
        """Return when it was to be reached."""

    @property
    def actual(self) -> date | None:
        """Return when it was reached."""


S = TypeVar("S", bound=Step)


class Entry(Protocol):
    """An amount that was spent, or that takes the place of a wrong one."""

    @property
    def id(self) -> object:
        """Return what others name it by."""

    @property
    def amount(self) -> int:
        """Return the amount, in minor units."""

    @property
    def corrects_id(self) -> object:
        """Return the entry whose place it takes; None where there is none."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many steps have been reached, of how many."""

    reached: int
    steps: int

    @property
    def percent(self) -> int:
        """Return the reached part, rounded down; all of nothing is none."""
        return 100 * self.reached // self.steps if self.steps else 0


def progress(steps: Sequence[Step]) -> Progress:
    """Return how far a project is by its steps."""
    return Progress(sum(step.actual is not None for step in steps), len(steps))


def current(steps: Iterable[S]) -> S | None:
    """Return the first step that has not been reached; None where all have been."""
    return next((step for step in steps if step.actual is None), None)


def overdue(steps: Iterable[S], today: date) -> Sequence[S]:
    """Return the steps whose planned day has passed."""
    return [
        step for step in steps if step.actual is None and step.planned is not None and step.planned < today
    ]


def state_after(state: State, steps: Sequence[Step]) -> State:
    """Return the state that follows from the steps: begun with the first, done with the last."""
    found = progress(steps)
    if found.steps and found.reached == found.steps and state is not State.ABANDONED:
        return State.DONE
    if state is State.DONE:
        return State.UNDER_WAY if found.steps else State.DONE
    return State.UNDER_WAY if state is State.PLANNED and found.reached else state


def is_stale(last_news_at: datetime, now: datetime, days: int) -> bool:
    """Tell whether nothing has been heard of a project for longer than the city allows itself."""
    return now - last_news_at > timedelta(days=days)


def spent(entries: Sequence[Entry]) -> int:
    """Return what has been spent; an entry that was corrected does not count any more."""
    corrected = {entry.corrects_id for entry in entries}
    return sum(entry.amount for entry in entries if entry.id not in corrected)
