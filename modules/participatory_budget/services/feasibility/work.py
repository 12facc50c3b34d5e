"""Opinions and decisions as work of the town hall, as the console's Today shows them."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, func, select

from app.sdk import WorkCount, WorkItem, _, _l, db, today, work_queue

from ...models import DepartmentOpinion, Examination, Idea
from ...rules.feasibility.steps import Step
from ..moderation.reach import within
from .boards import open_to_me, step_names
from .cases import COORDINATES, EVALUATES

COORDINATED = (Step.FORMAL, Step.DECISION, Step.DECIDED)


def count_opinions(_account_id: UUID | None) -> WorkCount:
    """Return how many opinions her departments owe, and how many are late."""
    found = open_to_me().with_only_columns(
        func.count(), func.count().filter(DepartmentOpinion.due_on < today())
    )
    number, late = db.session.execute(found).one()
    return WorkCount(unassigned=number, overdue=late)


@work_queue("opinions", _l("Opinions on ideas"), permission=EVALUATES, count=count_opinions)
def opinions(_account_id: UUID | None, most: int) -> Iterator[WorkItem]:
    """Yield what the departments of the one signed in are asked, what is due first."""
    found = open_to_me().add_columns(Idea).order_by(DepartmentOpinion.due_on, DepartmentOpinion.id)
    for opinion, idea in db.session.execute(found.limit(most)):
        yield WorkItem(
            subject=str(opinion.id),
            title=_("Give an opinion: %(title)s", title=idea.title),
            url=f"/admin/participatory-budget/{idea.edition_id}/opinions/{opinion.id}",
            status="waiting",
            since=opinion.asked_at,
            due=opinion.due_on,
            reference=str(idea.number or ""),
        )


def _decisions() -> Select[Examination]:
    return (
        select(Examination)
        .join(Idea, Idea.id == Examination.idea_id)
        .where(Examination.step.in_(COORDINATED), within(COORDINATES))
    )


def count_decisions(_account_id: UUID | None) -> WorkCount:
    """Return how many examinations wait for a coordinator."""
    found = select(func.count()).select_from(_decisions().subquery())
    return WorkCount(unassigned=db.session.scalar(found) or 0)


@work_queue("examinations", _l("Ideas to check and decide"), permission=COORDINATES, count=count_decisions)
def decisions(_account_id: UUID | None, most: int) -> Iterator[WorkItem]:
    """Yield examinations that wait for a coordinator, what waits longest first."""
    names = step_names()
    found = _decisions().add_columns(Idea).order_by(Examination.begun_at, Idea.number)
    for case, idea in db.session.execute(found.limit(most)):
        yield WorkItem(
            subject=str(case.idea_id),
            title=f"{names[case.step]}: {idea.title}",
            url=f"/admin/participatory-budget/{idea.edition_id}/feasibility/{idea.number}",
            status="waiting",
            since=case.decided_at or case.begun_at,
            reference=str(idea.number or ""),
        )
