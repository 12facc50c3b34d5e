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


@dataclass(frozen=True, slots=True)
class Span:
    """When a phase is open: from `begins_at` on and no longer at `ends_at`, None for no end; aware instants."""

    begins_at: datetime
    ends_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Tell whether the phase is open at an instant."""
        return self.begins_at <= at and (self.ends_at is None or at < self.ends_at)


def read_schedule(document: Mapping[str, object]) -> dict[Part, Span]:
    """Return the phases of a stored schedule, {phase: [begins_at, ends_at or null]}; ValueError for others."""
    found: dict[Part, Span] = {}
    for name, times in document.items():
        if not isinstance(times, list) or len(times) != 2:
            raise ValueError(f"a phase has two times: {name}")
        begins, ends = (datetime.fromisoformat(str(time)) if time else None for time in times)
        if begins is None:
            raise ValueError(f"a phase begins at some time: {name}")
        found[Part(name)] = Span(begins, ends)
    return found


def write_schedule(schedule: Mapping[Part, Span]) -> dict[str, object]:
    """Return a schedule as it is stored."""
    return {
        part.value: [span.begins_at.isoformat(), span.ends_at.isoformat() if span.ends_at else None]
        for part, span in schedule.items()
    }


def is_open(document: Mapping[str, object], part: Part, at: datetime) -> bool:
    """Tell whether a phase of a stored schedule is open; one that the edition does not have never is."""
    span = read_schedule(document).get(part)
    return span is not None and span.is_open(at)
