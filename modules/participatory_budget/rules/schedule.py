"""The phases of an edition beside the vote: which there are, and when each is open.

An edition has any of them, in any order of time, overlapping where the city wants. The vote, the count and the
results follow the stage of the edition instead (`phases`), as ballots depend on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Part(StrEnum):
    """A phase that the calendar opens and closes."""

    IDEAS = "ideas"
    """Residents hand in ideas."""
    CO_CONSTRUCTION = "co-construction"
    """Authors and residents bring similar ideas together."""
    SUPPORT = "support"
    """Residents support the ideas that are to be looked into."""
    FEASIBILITY = "feasibility"
    """Departments look into what is possible, and at what cost."""
    DRAFTING = "drafting"
    """Staff turn ideas into projects on the ballot."""
    REALISATION = "realisation"
    """Funded projects are carried out."""


class Standing(StrEnum):
    """Where a phase stands at an instant."""

    HELD = "held"
    """It does not open by the clock: its checklist was not complete when its dates were saved."""
    AHEAD = "ahead"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Span:
    """When a phase is open: from `begins_at` on and no longer at `ends_at`, None for no end; aware instants.

    One that is held does not open by the clock.
    """

    begins_at: datetime
    ends_at: datetime | None = None
    held: bool = False

    @property
    def in_order(self) -> bool:
        """Tell whether the phase begins before it ends."""
        return self.ends_at is None or self.begins_at < self.ends_at

    def is_open(self, at: datetime) -> bool:
        """Tell whether the phase is open at an instant."""
        return self.standing(at) is Standing.OPEN

    def standing(self, at: datetime) -> Standing:
        """Return where the phase stands at an instant."""
        if self.ends_at is not None and self.ends_at <= at:
            return Standing.OVER
        if self.held:
            return Standing.HELD
        return Standing.OPEN if self.begins_at <= at else Standing.AHEAD


def read_schedule(document: Mapping[str, object]) -> dict[Part, Span]:
    """Return the phases of a stored schedule, {phase: [begins_at, ends_at or null]}; ValueError for others.

    A phase that is held has a third entry that says so.
    """
    return {Part(name): _span(name, times) for name, times in document.items()}


def write_schedule(schedule: Mapping[Part, Span]) -> dict[str, object]:
    """Return a schedule as it is stored."""
    return {
        part.value: [
            span.begins_at.isoformat(),
            span.ends_at.isoformat() if span.ends_at else None,
            *([_HELD] if span.held else []),
        ]
        for part, span in schedule.items()
    }


def changes_next(document: Mapping[str, object], at: datetime) -> tuple[Part, datetime] | None:
    """Return the phase that opens or ends next and when; None when nothing more is to come."""
    coming = [
        (moment, part)
        for part, span in read_schedule(document).items()
        if not span.held
        for moment in (span.begins_at, span.ends_at)
        if moment is not None and moment > at
    ]
    if not coming:
        return None
    moment, part = min(coming)
    return part, moment


def is_open(document: Mapping[str, object], part: Part, at: datetime) -> bool:
    """Tell whether a phase of a stored schedule is open; one that the edition does not have never is."""
    span = read_schedule(document).get(part)
    return span is not None and span.is_open(at)


_HELD = "held"


def _span(name: str, times: object) -> Span:
    if not isinstance(times, list) or len(times) not in (2, 3) or times[2:] not in ([], [_HELD]):
        raise ValueError(f"a phase has two times: {name}")
    begins, ends = (datetime.fromisoformat(str(time)) if time else None for time in times[:2])
    if begins is None:
        raise ValueError(f"a phase begins at some time: {name}")
    return Span(begins, ends, held=len(times) == 3)
