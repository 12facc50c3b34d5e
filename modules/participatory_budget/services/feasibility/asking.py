"""Departments are asked about ideas, and reminded of what is due."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.sdk import Conflict, Invalid, _, audit, db, local, notify, now, today

from ...models import Department, DepartmentMember, DepartmentOpinion, Edition, Examination, Idea
from ...rules.feasibility.deadlines import due_on, is_reminded
from ...rules.feasibility.steps import Move, Step
from ..moderation.reach import me
from . import cases
from .settings import department

MOST = 5000


def ask(
    edition: Edition, numbers: Collection[int], department_ids: Collection[UUID], *, due: date | None = None
) -> int:
    """Ask departments about ideas; returns how many questions were new.

    Each department has its own number of days unless a day is given. An idea in its formal check has passed it; one
    that a coordinator has before her goes back to the departments.
    """
    asked = [department(edition, one) for one in department_ids]
    if not asked:
        raise Invalid(_("Choose a department."))
    if due is not None and due < today():
        raise Invalid(_("Choose a day that is still to come."))
    made: dict[UUID, int] = {}
    for number in sorted(set(numbers)):
        case, idea = cases.case_of(edition, number, lock=True)
        _to_opinions(edition, case)
        for one in asked:
            if _ask_once(case, one, due):
                made[one.id] = made.get(one.id, 0) + 1
                audit(
                    "participatory_budget.opinion_asked",
                    subject=f"idea:{idea.id}",
                    department=str(one.id),
                )
    db.session.flush()
    for one in asked:
        if one.id in made:
            _tell_asked(edition, one, made[one.id], due)
    return sum(made.values())


def move_due(edition: Edition, opinion_id: UUID, due: date) -> DepartmentOpinion:
    """Give a department another day; raises Conflict once it has answered."""
    opinion = db.session.get(DepartmentOpinion, opinion_id, with_for_update=True)
    idea = db.session.get(Idea, opinion.idea_id) if opinion is not None else None
    if opinion is None or idea is None or idea.number is None:
        raise Conflict(_("This question was taken back."))
    cases.case_of(edition, idea.number)
    if opinion.given_at is not None:
        raise Conflict(_("The department has answered already."))
    opinion.due_on, opinion.version = due, opinion.version + 1
    return opinion


def asked(case: Examination) -> Sequence[DepartmentOpinion]:
    """Return the questions to departments in the present round, in the order in which they were asked."""
    mine = select(DepartmentOpinion).where(
        DepartmentOpinion.idea_id == case.idea_id, DepartmentOpinion.round == case.round
    )
    return db.session.scalars(
        mine.order_by(DepartmentOpinion.asked_at, DepartmentOpinion.id).limit(100)
    ).all()


def all_asked(case: Examination) -> Sequence[DepartmentOpinion]:
    """Return the questions to departments in every round."""
    mine = select(DepartmentOpinion).where(DepartmentOpinion.idea_id == case.idea_id)
    order = (DepartmentOpinion.round, DepartmentOpinion.asked_at, DepartmentOpinion.id)
    return db.session.scalars(mine.order_by(*order).limit(200)).all()


def remind() -> int:
    """Remind departments of what is due, once a day; returns how many were told."""
    day = today()
    open_ones = (
        select(DepartmentOpinion.department_id, DepartmentOpinion.due_on, Examination.edition_id)
        .join(Examination, Examination.idea_id == DepartmentOpinion.idea_id)
        .where(
            DepartmentOpinion.given_at.is_(None),
            Examination.step == Step.OPINIONS,
            DepartmentOpinion.round == Examination.round,
        )
        .limit(MOST)
    )
    due: dict[tuple[UUID, UUID], int] = {}
    for department_id, last_day, edition_id in db.session.execute(open_ones):
        if is_reminded(last_day, day):
            due[(department_id, edition_id)] = due.get((department_id, edition_id), 0) + 1
    for (department_id, edition_id), number in due.items():
        one = db.session.get_one(Department, department_id)
        notify(
            "participatory_budget.opinion_due",
            members_of(one),
            f"{one.id} due {day:%Y-%m-%d}",
            link=path(edition_id),
            department=dict(one.name),
            number=number,
        )
    return len(due)


def members_of(one: Department) -> list[UUID]:
    """Return the accounts that answer for a department."""
    mine = select(DepartmentMember.account_id).where(DepartmentMember.department_id == one.id)
    return list(db.session.scalars(mine.limit(200)))


def path(edition_id: UUID) -> str:
    """Return the address of what departments are asked."""
    return f"/admin/participatory-budget/{edition_id}/opinions"


def _to_opinions(edition: Edition, case: Examination) -> None:
    if case.step is Step.FORMAL:
        cases.move(edition, case, Move.ACCEPT)
    elif case.step is Step.DECISION:
        cases.move(edition, case, Move.ASK_AGAIN)
    if case.step is not Step.OPINIONS:
        raise Conflict(_("Departments are not asked about this idea now: look at where it stands."))


def _ask_once(case: Examination, one: Department, due: date | None) -> bool:
    known = select(DepartmentOpinion.id).where(
        DepartmentOpinion.idea_id == case.idea_id,
        DepartmentOpinion.department_id == one.id,
        DepartmentOpinion.round == case.round,
    )
    if db.session.scalar(known) is not None:
        return False
    moment = now()
    db.session.add(
        DepartmentOpinion(
            idea_id=case.idea_id,
            department_id=one.id,
            round=case.round,
            asked_at=moment,
            asked_by=me(),
            due_on=due or due_on(local(moment).date(), one.days),
        )
    )
    return True


def _tell_asked(edition: Edition, one: Department, number: int, due: date | None) -> None:
    moment = now()
    day = due or due_on(local(moment).date(), one.days)
    notify(
        "participatory_budget.opinion_asked",
        members_of(one),
        f"{one.id} asked {moment.isoformat()}",
        link=path(edition.id),
        department=dict(one.name),
        number=number,
        day=f"{day:%Y-%m-%d}",
    )
