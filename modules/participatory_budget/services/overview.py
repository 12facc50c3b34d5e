"""What the home page and the list say of an edition, asked for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.sdk import db, local, now, today

from ..models import Edition, Idea, Project
from ..rules.ideas.states import IdeaState
from ..rules.phases import Phase, Stage
from ..rules.schedule import Part, is_open
from . import turnout
from .editions import phase, public_editions
from .ideas.rules_of import shows_ideas

ON_HOME = 3
BEFORE_VOTE = (Part.IDEAS, Part.CO_CONSTRUCTION, Part.SUPPORT, Part.FEASIBILITY, Part.DRAFTING)


@dataclass(frozen=True, slots=True)
class Facts:
    """An edition in numbers; `voters` is None as long as too few have voted to say."""

    edition: Edition
    phase: Phase
    projects: int
    voters: int | None = None
    ideas: int | None = None
    """How many ideas residents see; None once there is a ballot, or where there are none to see."""

    @property
    def open_now(self) -> tuple[Part, ...]:
        """Return what goes on before the vote: every phase that is open."""
        if self.phase is not Phase.PUBLISHED:
            return ()
        return tuple(part for part in BEFORE_VOTE if is_open(self.edition.schedule, part, now()))

    @property
    def now_on(self) -> Part | None:
        """Return the first phase that is open before the vote."""
        return next(iter(self.open_now), None)

    @property
    def opens_at(self) -> datetime | None:
        """Return when the vote opens, if that is settled and still to come."""
        opens = self.edition.opens_at
        return opens if opens and opens > now() and self.phase in (Phase.DRAFT, Phase.PUBLISHED) else None

    @property
    def days_left(self) -> int | None:
        """Return how many midnights there are until the close; None when the vote is not open."""
        closes = self.edition.closes_at
        if self.phase is not Phase.VOTING or closes is None:
            return None
        return (local(closes).date() - today()).days


@dataclass(frozen=True, slots=True)
class Listed:
    """The editions residents see, by what they can do with them."""

    open: list[Facts] = field(default_factory=list)
    upcoming: list[Facts] = field(default_factory=list)
    being_counted: list[Facts] = field(default_factory=list)
    decided: list[Facts] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show at all."""
        return not (self.open or self.upcoming or self.being_counted or self.decided)


def facts(editions: Sequence[Edition]) -> list[Facts]:
    """Return editions with their numbers, in the same order."""
    if not editions:
        return []
    counted = select(Project.edition_id, func.count()).group_by(Project.edition_id)
    rows = db.session.execute(counted.where(Project.edition_id.in_([edition.id for edition in editions])))
    projects = {row[0]: row[1] for row in rows}
    voters = turnout.shown(
        [edition for edition in editions if edition.stage not in (Stage.DRAFT, Stage.PUBLISHED)]
    )
    ideas = _ideas([edition for edition in editions if edition.id not in projects and shows_ideas(edition)])
    return [
        Facts(
            edition,
            phase(edition),
            projects.get(edition.id, 0),
            voters.get(edition.id),
            ideas.get(edition.id),
        )
        for edition in editions
    ]


def _ideas(editions: Sequence[Edition]) -> dict[UUID, int]:
    """Return how many ideas residents see in each of these editions."""
    if not editions:
        return {}
    shown = select(Idea.edition_id, func.count()).where(
        Idea.state == IdeaState.PUBLISHED, Idea.edition_id.in_([edition.id for edition in editions])
    )
    counted = {row[0]: row[1] for row in db.session.execute(shown.group_by(Idea.edition_id))}
    return {edition.id: counted.get(edition.id, 0) for edition in editions}


def listed() -> Listed:
    """Return every edition residents may see, the newest first in each group; of those to come, the next first."""
    found = Listed()
    groups = {
        Phase.VOTING: found.open,
        Phase.PUBLISHED: found.upcoming,
        Phase.CLOSED: found.being_counted,
        Phase.COUNTING: found.being_counted,
        Phase.COUNTED: found.being_counted,
        Phase.RESULTS: found.decided,
    }
    for one in facts(public_editions()):
        groups[one.phase].append(one)
    found.upcoming.sort(key=lambda one: (one.opens_at is None, one.opens_at or now()))
    return found


def on_home() -> list[Facts]:
    """Return what belongs on the home page: what is open or being counted, else what comes next and was decided last."""
    found = listed()
    if found.open or found.being_counted:
        return [*found.open, *found.being_counted][:ON_HOME]
    return [*found.upcoming[:1], *found.decided[:1]]
