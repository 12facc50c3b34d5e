"""The list of funded projects, for residents and for staff: what is late stands first for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.sdk import now, picked, today

from ...models import Edition, Milestone, Realisation
from ...rules.realisation.progress import ENDED, Progress, State, current, is_stale, overdue, progress
from .boards import boards
from .money import Balance, balance
from .settings import settings_of


@dataclass(frozen=True, slots=True)
class Line:
    """A funded project as lists show it."""

    board: Realisation
    progress: Progress
    balance: Balance
    step: Milestone | None
    late: Sequence[Milestone]
    is_stale: bool

    @property
    def alarms(self) -> bool:
        """Tell whether staff have to look at it: a step is late, or nothing was heard for too long."""
        return bool(self.late) or self.is_stale

    @property
    def late_since(self) -> date | None:
        """Return since when the oldest late step is late."""
        return min((step.planned for step in self.late if step.planned), default=None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed down to."""

    state: str = ""
    category: str = ""
    district: str = ""
    department: str = ""
    words: str = ""
    late: bool = False

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything is asked for."""
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Sums:
    """All funded projects together."""

    projects: int
    done: int
    budgeted: int
    spent: int


def line_of(edition: Edition, one: Realisation, *, moment: datetime | None = None) -> Line:
    """Return what lists say about one project."""
    running = one.state not in ENDED
    late = overdue(one.milestones, today()) if running else ()
    stale = running and is_stale(one.last_news_at, moment or now(), settings_of(edition).stale_days)
    return Line(one, progress(one.milestones), balance(one), current(one.milestones), late, stale)


def lines(edition: Edition) -> Sequence[Line]:
    """Return all funded projects in the order of the ballot."""
    moment = now()
    return [line_of(edition, one, moment=moment) for one in boards(edition)]


def narrowed(found: Sequence[Line], wanted: Wanted) -> Sequence[Line]:
    """Return the lines that fit."""
    return [line for line in found if _fits(line, wanted)]


def late_first(found: Sequence[Line]) -> Sequence[Line]:
    """Return the lines with what is late first, the longest late before others; then what is stale."""
    far = date.max
    return sorted(
        found,
        key=lambda line: (line.late_since or far, not line.is_stale, line.board.state in ENDED),
    )


def sums(found: Sequence[Line]) -> Sums:
    """Return what all of them come to."""
    return Sums(
        len(found),
        sum(line.board.state is State.DONE for line in found),
        sum(line.balance.budgeted for line in found),
        sum(line.balance.spent for line in found),
    )


def departments(found: Sequence[Line]) -> Sequence[str]:
    """Return the departments in charge, in the order of their names."""
    return sorted({line.board.department for line in found if line.board.department})


def _fits(line: Line, wanted: Wanted) -> bool:
    project = line.board.project
    title = picked(project.title).text.casefold()
    return (
        (not wanted.state or line.board.state == wanted.state)
        and (not wanted.category or project.category == wanted.category)
        and (not wanted.district or project.district == wanted.district)
        and (not wanted.department or line.board.department == wanted.department)
        and (not wanted.late or line.alarms)
        and all(word in title or word == project.reference for word in wanted.words.casefold().split())
    )
