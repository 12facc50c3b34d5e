"""What residents are told of an idea's examination: what was published, never what is being decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.sdk import Localized, _, db

from ...models import (
    CostEstimate,
    Criterion,
    CriterionAnswer,
    Department,
    DepartmentOpinion,
    Edition,
    Examination,
    Idea,
    Project,
    ProjectIdea,
)
from ...rules.feasibility.steps import Step, Verdict
from ...rules.moderation.decisions import AppealOf
from ..ideas.wording import Status, refines
from ..moderation import appeals
from .answering import answers_of, estimates
from .verdicts import may_appeal


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page of an idea says of it beside its own words."""

    is_examined: bool
    verdict: Verdict | None
    opinion: Localized
    left_out: Localized | None
    projects: Sequence[Project]
    refusal: Localized | None
    appeal_until: datetime | None
    """Until when its authors can appeal; None when they cannot."""
    is_appealed: bool


@dataclass(frozen=True, slots=True)
class SaidBy:
    """What one department said, criterion by criterion."""

    department: Department
    opinion: DepartmentOpinion
    answers: Sequence[tuple[Criterion, CriterionAnswer]]


def of(edition: Edition, idea: Idea) -> Standing:
    """Return what is public about an idea, and what its authors can do against it."""
    case = db.session.get(Examination, idea.id)
    refusal = appeals.refusal_of(idea)
    until = appeals.refusal_appeal_until(edition, idea) if refusal else may_appeal(edition, idea)
    against = AppealOf.REFUSAL if refusal else AppealOf.OPINION
    made = appeals.appeal(idea, against)
    return Standing(
        is_examined=case is not None,
        verdict=case.told_verdict if case is not None else None,
        opinion=case.told_opinion if case is not None else {},
        left_out=case.left_out if case is not None else None,
        projects=projects_of(idea),
        refusal=refusal.reason if refusal is not None else None,
        appeal_until=until,
        is_appealed=made is not None and made.judged_at is None,
    )


def projects_of(idea: Idea) -> Sequence[Project]:
    """Return the projects that an idea became, in the order of their numbers."""
    made = select(Project).join(ProjectIdea, ProjectIdea.project_id == Project.id)
    return db.session.scalars(made.where(ProjectIdea.idea_id == idea.id).order_by(Project.number)).all()


def said(edition: Edition, idea: Idea) -> Sequence[SaidBy]:
    """Return what departments said before the opinion was published; nothing before that."""
    case = db.session.get(Examination, idea.id)
    if case is None or case.published_at is None:
        return ()
    given = (
        select(DepartmentOpinion, Department)
        .join(Department, Department.id == DepartmentOpinion.department_id)
        .where(DepartmentOpinion.idea_id == idea.id, DepartmentOpinion.given_at <= case.published_at)
        .order_by(DepartmentOpinion.round, Department.position)
        .limit(200)
    )
    found = db.session.execute(given).all()
    answers = answers_of([row[0] for row in found])
    asked = select(Criterion).where(Criterion.edition_id == edition.id).order_by(Criterion.position)
    criteria = db.session.scalars(asked.limit(100)).all()
    return [
        SaidBy(
            department,
            opinion,
            [(one, answers[opinion.id][one.id]) for one in criteria if one.id in answers.get(opinion.id, {})],
        )
        for opinion, department in found
    ]


def told_estimates(idea: Idea) -> Sequence[CostEstimate]:
    """Return the estimates that are public: those from before the opinion was published, and later ones once it is."""
    case = db.session.get(Examination, idea.id)
    return estimates(idea) if case is not None and case.published_at is not None else ()


@refines
def _statuses(idea_ids: Sequence[UUID]) -> Mapping[UUID, Status]:
    """Say of published ideas how far the town hall is with them."""
    if not idea_ids:
        return {}
    cases = db.session.scalars(select(Examination).where(Examination.idea_id.in_(idea_ids)))
    return {case.idea_id: _status(case) for case in cases}


def _status(case: Examination) -> Status:
    if case.left_out:
        return Status(_("Not on the ballot"), "plain")
    is_again = case.round == 2 and case.step is not Step.FINAL
    if case.told_verdict is None or is_again:
        return Status(_("Being examined"), "info")
    return {
        Verdict.FEASIBLE: Status(_("Can be done"), "ok"),
        Verdict.WITH_CHANGES: Status(_("Can be done with changes"), "ok"),
        Verdict.NOT_FEASIBLE: Status(_("Cannot be done"), "bad"),
    }[case.told_verdict]
