"""Where an idea stands, in words for everybody; other parts say more of what they know (feasibility, the ballot)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.sdk import _, db

from ...models import Idea, IdeaEvent, ProjectIdea
from ...rules.ideas.states import Happening, IdeaState, ReportReason


@dataclass(frozen=True, slots=True)
class Status:
    """Words and the kind of tag they stand in: ok, warn, bad, info, solid or plain."""

    words: str
    kind: str = "info"


Refine = Callable[[Sequence[UUID]], Mapping[UUID, Status]]
_refine: list[Refine] = []


def refines(say: Refine) -> Refine:
    """Have a function say more of published ideas, by their ids; those it leaves out stay as they are."""
    _refine.append(say)
    return say


def statuses(ideas: Iterable[Idea]) -> dict[UUID, Status]:
    """Return where ideas stand, in a bounded number of queries."""
    known = list(ideas)
    found = {idea.id: _of(idea) for idea in known}
    public = [idea.id for idea in known if idea.state is IdeaState.PUBLISHED]
    for say in _refine:
        found.update(say(public))
    if public:
        chosen = select(ProjectIdea.idea_id).where(ProjectIdea.idea_id.in_(public))
        for ident in db.session.scalars(chosen):
            found[ident] = Status(_("On the ballot"), "ok")
    return found


def _of(idea: Idea) -> Status:
    return {
        IdeaState.DRAFT: Status(_("Draft"), "plain"),
        IdeaState.WAITING: Status(_("Not shown yet"), "warn"),
        IdeaState.PUBLISHED: Status(_("Published"), "info"),
        IdeaState.MERGED: Status(_("Part of another idea"), "plain"),
        IdeaState.REFUSED: Status(_("Not accepted"), "bad"),
        IdeaState.WITHDRAWN: Status(_("Withdrawn"), "plain"),
    }[idea.state]


def happening(line: IdeaEvent) -> str:
    """Return a line of an idea's history in words."""
    return {
        Happening.HANDED_IN: _("Handed in"),
        Happening.PUBLISHED: _("Published"),
        Happening.CHANGED: _("Changed by its authors"),
        Happening.AUTHOR_JOINED: _("Another author joined"),
        Happening.AUTHOR_LEFT: _("An author left"),
        Happening.ASKED: _("The city asked the authors something"),
        Happening.ANSWERED: _("The authors answered"),
        Happening.MERGED: _("Became part of another idea"),
        Happening.TOOK_IN: _("Another idea became part of it"),
        Happening.REFUSED: _("Not accepted"),
        Happening.APPEALED: _("The authors asked to look at it again"),
        Happening.RESTORED: _("Accepted after all"),
        Happening.WITHDRAWN: _("Withdrawn by its authors"),
        Happening.FEASIBLE: _("Can be done"),
        Happening.NOT_FEASIBLE: _("Cannot be done"),
        Happening.ON_BALLOT: _("Put on the ballot"),
    }[line.kind]


def report_reasons() -> list[tuple[ReportReason, str]]:
    """Return why somebody can report something, in words."""
    return [
        (ReportReason.OFFENSIVE, _("It insults or threatens somebody")),
        (ReportReason.PERSONAL, _("It names or shows somebody who may not want that")),
        (ReportReason.SPAM, _("It is advertising")),
        (ReportReason.OFF_TOPIC, _("It has nothing to do with the city's projects")),
        (ReportReason.OTHER, _("Another reason")),
    ]
