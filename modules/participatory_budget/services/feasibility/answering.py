"""What departments answer, criterion by criterion, and what they think that an idea costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.sdk import Conflict, Forbidden, Invalid, NotFound, _, audit, db, now

from ...models import CostEstimate, CriterionAnswer, Department, DepartmentOpinion, Edition, Examination, Idea
from ...rules.feasibility.steps import Answer, Move, Step, Verdict, verdict_of
from ..moderation.reach import me, must_be_anothers, must_reach, reaches
from . import cases
from .cases import COORDINATES, EVALUATES
from .settings import criteria, departments_of

LONGEST = 4000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What a department says to one criterion."""

    answer: Answer
    text: str = ""


@dataclass(frozen=True, slots=True)
class OpinionTexts:
    """What a department says to an idea; the cost in minor units, None when it says nothing of it."""

    answers: Mapping[UUID, Said]
    text: str = ""
    cost: int | None = None
    cost_reason: str = field(default="")


def opinion_of(
    edition: Edition, opinion_id: UUID, *, lock: bool = False
) -> tuple[DepartmentOpinion, Department, Examination, Idea]:
    """Return a question to a department for whoever may answer it; raises NotFound, Forbidden."""
    found = db.session.get(DepartmentOpinion, opinion_id)
    idea = db.session.get(Idea, found.idea_id) if found is not None else None
    if found is None or idea is None or idea.edition_id != edition.id:
        raise NotFound(_("There is no such question to a department."))
    # The examination first, as everybody else locks it: two answers at once do not wait for each other in a ring.
    case = db.session.get_one(Examination, idea.id, with_for_update=lock, populate_existing=lock)
    if lock:
        db.session.refresh(found, with_for_update=True)
    if not may_answer(found, idea):
        raise Forbidden(_("This question is for the people of another department."))
    return found, db.session.get_one(Department, found.department_id), case, idea


def may_answer(opinion: DepartmentOpinion, idea: Idea) -> bool:
    """Tell whether the one signed in may answer a question: people of the department, and coordinators."""
    person = me()
    if reaches(COORDINATES, idea.district):
        return True
    return (
        person is not None
        and reaches(EVALUATES, idea.district)
        and opinion.department_id in departments_of(person)
    )


def answer(
    edition: Edition, opinion_id: UUID, texts: OpinionTexts, *, seen: int | None = None
) -> DepartmentOpinion:
    """Give the opinion of a department; the last one passes the idea on to the coordinator."""
    opinion, _department, case, idea = opinion_of(edition, opinion_id, lock=True)
    must_be_anothers(idea)
    if case.step is not Step.OPINIONS or opinion.round != case.round:
        raise Conflict(_("The opinions on this idea are closed: the coordinator has it."))
    if seen is not None and seen != opinion.version:
        raise Conflict(
            _("A colleague has answered meanwhile. Below is what you typed; save again to keep yours.")
        )
    _must_be_complete(edition, texts)
    db.session.execute(delete(CriterionAnswer).where(CriterionAnswer.opinion_id == opinion.id))
    db.session.add_all(
        CriterionAnswer(opinion_id=opinion.id, criterion_id=key, answer=said.answer, text=said.text)
        for key, said in texts.answers.items()
    )
    opinion.text, opinion.given_at, opinion.given_by = texts.text, now(), me()
    opinion.version += 1
    if texts.cost is not None and texts.cost != latest_cost(idea):
        estimate(edition, idea, texts.cost, texts.cost_reason)
    db.session.flush()
    audit(
        "participatory_budget.opinion_given",
        subject=f"idea:{idea.id}",
        department=str(opinion.department_id),
    )
    if not _missing(case):
        cases.move(edition, case, Move.COMPLETE)
    return opinion


def answers_of(opinions: Sequence[DepartmentOpinion]) -> Mapping[UUID, Mapping[UUID, CriterionAnswer]]:
    """Return what each department said, by opinion and criterion."""
    mine = select(CriterionAnswer).where(CriterionAnswer.opinion_id.in_([one.id for one in opinions]))
    found: dict[UUID, dict[UUID, CriterionAnswer]] = {}
    for one in db.session.scalars(mine.limit(10_000)):
        found.setdefault(one.opinion_id, {})[one.criterion_id] = one
    return found


def proposed(answers: Mapping[UUID, Mapping[UUID, CriterionAnswer]]) -> Verdict | None:
    """Return what all answers come to together; None without any."""
    flat = {(opinion, key): one.answer for opinion, said in answers.items() for key, one in said.items()}
    return verdict_of(flat)


def estimate(edition: Edition, idea: Idea, amount: int, reason: str) -> CostEstimate:
    """Write down what an idea would cost; earlier estimates stay in its history. Raises Invalid without a reason."""
    if amount <= 0:
        raise Invalid(_("Write an amount above zero."))
    words = " ".join(reason.split())[:LONGEST_REASON]
    if latest_cost(idea) is not None and not words:
        raise Invalid(_("Say why the cost is another one than before."))
    made = CostEstimate(idea_id=idea.id, amount=amount, reason=words, made_by=me(), made_at=now())
    db.session.add(made)
    db.session.flush()
    audit("participatory_budget.estimate_made", subject=f"idea:{idea.id}", amount=amount)
    return made


def estimate_as(edition: Edition, number: int, amount: int, reason: str) -> CostEstimate:
    """Estimate the cost of an idea as a coordinator, at any time."""
    _case, idea = cases.case_of(edition, number, lock=True)
    must_reach(COORDINATES, idea)
    return estimate(edition, idea, amount, reason)


def estimates(idea: Idea) -> Sequence[CostEstimate]:
    """Return every estimate of an idea's cost, the newest first."""
    mine = select(CostEstimate).where(CostEstimate.idea_id == idea.id)
    return db.session.scalars(
        mine.order_by(CostEstimate.made_at.desc(), CostEstimate.id.desc()).limit(200)
    ).all()


def latest_cost(idea: Idea) -> int | None:
    """Return the newest estimate of an idea's cost; None before the first."""
    return latest_costs([idea.id]).get(idea.id)


def latest_costs(idea_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return the newest estimate of each idea that has one, in one query."""
    newest = (
        select(CostEstimate.idea_id, CostEstimate.amount)
        .where(CostEstimate.idea_id.in_(idea_ids))
        .ext(distinct_on(CostEstimate.idea_id))
        .order_by(CostEstimate.idea_id, CostEstimate.made_at.desc(), CostEstimate.id.desc())
    )
    return {row[0]: row[1] for row in db.session.execute(newest)}


def _missing(case: Examination) -> int:
    open_ones = select(func.count()).select_from(DepartmentOpinion)
    return (
        db.session.scalar(
            open_ones.where(
                DepartmentOpinion.idea_id == case.idea_id,
                DepartmentOpinion.round == case.round,
                DepartmentOpinion.given_at.is_(None),
            )
        )
        or 0
    )


def _must_be_complete(edition: Edition, texts: OpinionTexts) -> None:
    wanted = criteria(edition)
    if missing := [one for one in wanted if one.id not in texts.answers]:
        raise Invalid(_("Answer every criterion: %(number)s are missing.", number=len(missing)))
    if any(said.answer is not Answer.YES and not said.text.strip() for said in texts.answers.values()):
        raise Invalid(_("Say why, wherever the answer is no or with changes."))
    if not wanted and not texts.text.strip():
        raise Invalid(_("Write the opinion."))
