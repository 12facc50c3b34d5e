"""Which ideas can come on the ballot, which are on it, and which are left off and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.sdk import Page, db, paged

from ...models import Edition, Examination, Idea, Project, ProjectIdea
from ...rules.feasibility.steps import Step, Verdict
from ...rules.ideas.rules import is_reached, read_idea_rules
from ...rules.ideas.states import IdeaState
from ...rules.schedule import Part, read_schedule
from ..feasibility.answering import latest_costs
from ..feasibility.cases import not_on_ballot, supporters_of

PER_PAGE = 50
FEASIBLE = (Verdict.FEASIBLE, Verdict.WITH_CHANGES)
TOLD = (Step.PUBLISHED, Step.FINAL)


class Pile(StrEnum):
    """Where an idea lies while the ballot is drafted."""

    READY = "ready"
    ON_BALLOT = "on-ballot"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea with what is known for the ballot; `cost` is the newest estimate."""

    idea: Idea
    case: Examination | None = None
    cost: int | None = None
    project: Project | None = None


def page_of(edition: Edition, pile: Pile, number: int) -> Page[Candidate]:
    """Return a page of a pile in the order of ideas."""
    page = paged(_ideas(edition, pile).order_by(Idea.number), number=number, per_page=PER_PAGE)
    return Page(_candidates(page.items), page.number, page.pages, page.total)


def counts(edition: Edition) -> Mapping[Pile, int]:
    """Return how many ideas lie on each pile."""
    asked = [
        select(func.count()).select_from(_ideas(edition, pile).subquery()).scalar_subquery() for pile in Pile
    ]
    return dict(zip(Pile, db.session.execute(select(*asked)).one(), strict=True))


def ready(edition: Edition, numbers: Collection[int]) -> Sequence[Candidate]:
    """Return those of some ideas that can become projects now, in the order of their numbers."""
    found = _ideas(edition, Pile.READY).where(Idea.number.in_(numbers)).order_by(Idea.number)
    return _candidates(db.session.scalars(found).all())


def is_examined(edition: Edition) -> bool:
    """Tell whether only feasible ideas come on the ballot: the edition has that phase."""
    return Part.FEASIBILITY in read_schedule(edition.schedule)


def _ideas(edition: Edition, pile: Pile) -> Select[Idea]:
    mine = select(Idea).where(Idea.edition_id == edition.id)
    if pile is Pile.ON_BALLOT:
        return mine.where(Idea.id.in_(select(ProjectIdea.idea_id)))
    left_out = select(Examination.idea_id).where(Examination.left_out.is_not(None))
    if pile is Pile.LEFT_OUT:
        return mine.where(Idea.id.in_(left_out), not_on_ballot())
    found = mine.where(Idea.state == IdeaState.PUBLISHED, not_on_ballot(), Idea.id.not_in(left_out))
    if is_examined(edition):
        feasible = select(Examination.idea_id).where(
            Examination.told_verdict.in_(FEASIBLE), Examination.step.in_(TOLD)
        )
        return found.where(Idea.id.in_(feasible))
    return found.where(Idea.supports >= _needed(edition))


def _needed(edition: Edition) -> int:
    """Return the fewest supports with which an idea has enough."""
    rules = read_idea_rules(edition.idea_rules)
    if not rules.threshold:
        return 0
    supporters = supporters_of(edition)
    return next(
        number for number in range(supporters + rules.threshold + 1) if is_reached(rules, number, supporters)
    )


def _candidates(ideas: Sequence[Idea]) -> list[Candidate]:
    keys = [idea.id for idea in ideas]
    cases = {
        one.idea_id: one
        for one in db.session.scalars(select(Examination).where(Examination.idea_id.in_(keys)))
    }
    costs, projects = latest_costs(keys), _projects(keys)
    return [Candidate(idea, cases.get(idea.id), costs.get(idea.id), projects.get(idea.id)) for idea in ideas]


def _projects(idea_ids: Sequence[UUID]) -> Mapping[UUID, Project]:
    found: Any = (
        select(ProjectIdea.idea_id, Project)
        .join(Project, Project.id == ProjectIdea.project_id)
        .where(ProjectIdea.idea_id.in_(idea_ids))
        .order_by(Project.number.desc())
    )
    return {row[0]: row[1] for row in db.session.execute(found)}


def ideas_of(projects: Sequence[Project]) -> Mapping[UUID, Sequence[Idea]]:
    """Return the ideas that each project was made of, in the order of their numbers, in one query."""
    found = (
        select(ProjectIdea.project_id, Idea)
        .join(Idea, Idea.id == ProjectIdea.idea_id)
        .where(ProjectIdea.project_id.in_([one.id for one in projects]))
        .order_by(Idea.number)
    )
    made: dict[UUID, list[Idea]] = {}
    for project_id, idea in db.session.execute(found):
        made.setdefault(project_id, []).append(idea)
    return made
