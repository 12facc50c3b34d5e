"""The board of each funded project: begun when the result is published, then kept up by staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from app.sdk import Conflict, Invalid, Localized, NotFound, _, audit, db, now

from ...models import Edition, Idea, Milestone, Project, ProjectIdea, Realisation
from ...rules.phases import Stage
from ...rules.realisation.progress import EXPLAINED, State, state_after
from .. import results
from ..editions import by_id
from ..marks import must_be_as_seen
from .settings import settings_of

MOST = 2000
Days = Mapping[UUID, tuple[date | None, date | None]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What staff say about where a project stands."""

    state: State
    reason: Localized
    department: str
    days: Days
    """Of each step the planned and the actual day."""


def begin(edition_id: UUID) -> int:
    """Make a board for each funded project that has none; returns how many were made. Safe to run twice."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.RESULTS:
        return 0
    won = [row for row in results.published(edition).rows if row.outcome.funded]
    begun = set(db.session.scalars(select(Realisation.project_id).where(_of(edition))))
    fresh = [row for row in won if row.project.id not in begun]
    steps, moment = settings_of(edition).steps, now()
    for row in fresh:
        milestones = [Milestone(position=place, name=dict(name)) for place, name in enumerate(steps)]
        made = Realisation(
            project_id=row.project.id,
            state=State.PLANNED,
            budgeted=row.project.cost,
            last_news_at=edition.published_at or moment,
            created_at=moment,
            milestones=milestones,
        )
        db.session.add(made)
    if fresh:
        audit("participatory_budget.realisation_begun", subject=f"edition:{edition.id}", projects=len(fresh))
    return len(fresh)


def boards(edition: Edition) -> Sequence[Realisation]:
    """Return the boards of an edition in the order of the ballot, with their steps and their money."""
    found = select(Realisation).where(_of(edition)).join(Project, Project.id == Realisation.project_id)
    loaded = found.options(selectinload(Realisation.milestones), selectinload(Realisation.spendings))
    return db.session.scalars(loaded.order_by(Project.number).limit(MOST)).all()


def board(edition: Edition, number: int, *, lock: bool = False) -> Realisation:
    """Return the board of one project, locked for a change when asked; raises NotFound."""
    if number < 2**31:
        mine = select(Realisation).join(Project, Project.id == Realisation.project_id)
        found = mine.where(Project.edition_id == edition.id, Project.number == number)
        if lock:
            found = found.with_for_update(of=Realisation).execution_options(populate_existing=True)
        one = db.session.scalar(found)
        if one is not None:
            return one
    raise NotFound(_("This project was not chosen, or the result is not published yet."))


def has_board(project: Project) -> bool:
    """Tell whether a project is followed up."""
    return db.session.get(Realisation, project.id) is not None


def standing_of(one: Realisation) -> Standing:
    """Return where a project stands, as it is saved."""
    days = {step.id: (step.planned, step.actual) for step in one.milestones}
    return Standing(one.state, dict(one.reason), one.department, days)


def change(edition: Edition, number: int, chosen: Standing, *, seen: str | None = None) -> Realisation:
    """Save where a project stands; raises Invalid for a pause or an end without a reason, Conflict for an old page."""
    one = board(edition, number, lock=True)
    must_be_as_seen(standing_of(one), seen)
    if chosen.state in EXPLAINED and not any(chosen.reason.values()):
        raise Invalid(_("Say why: everybody who voted for this project reads it."))
    known = {step.id: step for step in one.milestones}
    if not chosen.days.keys() <= known.keys():
        raise Conflict(_("The steps of this project have changed. Look at them again."))
    for ident, (planned, actual) in chosen.days.items():
        known[ident].planned, known[ident].actual = planned, actual
    one.state = state_after(chosen.state, one.milestones)
    one.reason = dict(chosen.reason) if one.state in EXPLAINED else {}
    one.department = chosen.department
    audit(
        "participatory_budget.realisation_changed",
        subject=f"project:{one.project_id}",
        number=number,
        state=one.state,
    )
    return one


def ideas_of(one: Realisation) -> Sequence[UUID]:
    """Return the ideas that the project came from."""
    mine = select(ProjectIdea.idea_id).where(ProjectIdea.project_id == one.project_id)
    return db.session.scalars(mine.order_by(ProjectIdea.idea_id).limit(100)).all()


def public_ideas(one: Realisation) -> Sequence[Idea]:
    """Return those of these ideas that everybody sees."""
    found = db.session.scalars(select(Idea).where(Idea.id.in_(ideas_of(one))).order_by(Idea.number)).all()
    return [idea for idea in found if idea.state.is_public]


def _of(edition: Edition) -> ColumnElement[bool]:
    projects = select(Project.id).where(Project.edition_id == edition.id)
    return Realisation.project_id.in_(projects)
