"""The life of an edition: what people decided, what the clock says, and what may be done when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far people and the count have brought an edition; this is what is stored."""

    DRAFT = "draft"
    """Staff prepare it; nobody else sees it."""
    PUBLISHED = "published"
    """The projects are shown; the ballot paper can still change and the vote does not open by itself."""
    READY = "ready"
    """The checklist is complete and the ballot paper fixed; the clock opens and closes the vote."""
    COUNTING = "counting"
    """The worker reads the ballots."""
    COUNTED = "counted"
    """Staff see the result; residents do not yet."""
    RESULTS = "results"
    """Everybody sees the result."""


class Phase(StrEnum):
    """What an edition is at a moment; this is what is shown."""

    DRAFT = "draft"
    PUBLISHED = "published"
    VOTING = "voting"
    CLOSED = "closed"
    COUNTING = "counting"
    COUNTED = "counted"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class Window:
    """When the vote is open: from `opens_at` on, and no longer at `closes_at`; aware instants."""

    opens_at: datetime
    closes_at: datetime

    @property
    def in_order(self) -> bool:
        """Tell whether the vote opens before it closes."""
        return self.opens_at < self.closes_at

    def is_open(self, at: datetime) -> bool:
        """Tell whether a ballot that arrives at this instant is in time."""
        return self.opens_at <= at < self.closes_at


_BY_STAGE = {
    Stage.DRAFT: Phase.DRAFT,
    Stage.PUBLISHED: Phase.PUBLISHED,
    Stage.COUNTING: Phase.COUNTING,
    Stage.COUNTED: Phase.COUNTED,
    Stage.RESULTS: Phase.RESULTS,
}


def phase_at(stage: Stage, window: Window | None, at: datetime) -> Phase:
    """Return the phase of an edition; a vote without a window never opens."""
    if stage is not Stage.READY:
        return _BY_STAGE[stage]
    if window is None or at < window.opens_at:
        return Phase.PUBLISHED
    return Phase.VOTING if window.is_open(at) else Phase.CLOSED


def may_extend(stage: Stage, window: Window | None, at: datetime) -> bool:
    """Tell whether the closing time can be moved: not once it has passed."""
    return phase_at(stage, window, at) in (Phase.DRAFT, Phase.PUBLISHED, Phase.VOTING)


def may_count(stage: Stage, window: Window | None, at: datetime) -> bool:
    """Tell whether a count can start, go on, or be done again before the result is published."""
    return phase_at(stage, window, at) in (Phase.CLOSED, Phase.COUNTING, Phase.COUNTED)
