"""Lists of examinations: where all stand, what is late, what a department is asked, and everything as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from app.sdk import BYTE_ORDER_MARK, Page, _, csv_lines, db, local, paged, picked, to_major, today

from ...models import Department, DepartmentOpinion, Edition, Examination, Idea
from ...rules.feasibility.steps import Step, Verdict
from ..moderation.reach import me, within
from ..wording import Names
from .answering import latest_costs
from .cases import COORDINATES, EVALUATES
from .settings import departments_of

PER_PAGE = 50
MOST = 10_000


class View(StrEnum):
    """Which examinations are asked for."""

    ALL = "all"
    FORMAL = "formal"
    OPINIONS = "opinions"
    OVERDUE = "overdue"
    DECISION = "decision"
    DECIDED = "decided"
    """Decided, and still to be published."""
    APPEALED = "appealed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Line:
    """One examination of a list."""

    case: Examination
    idea: Idea
    cost: int | None = None
    waits_for: Sequence[tuple[Department, DepartmentOpinion]] = field(default_factory=tuple)

    @property
    def due(self) -> date | None:
        """Return the day on which the first of the open opinions is due."""
        return min((opinion.due_on for _department, opinion in self.waits_for), default=None)

    @property
    def is_late(self) -> bool:
        """Tell whether a department has let its day pass."""
        return self.due is not None and self.due < today()


def page_of(
    edition: Edition, view: View, number: int, *, district: str = "", department: UUID | None = None
) -> Page[Line]:
    """Return a page of the examinations of an edition that the one signed in coordinates, in the order of ideas."""
    found = _cases(edition, view)
    if district:
        found = found.where(Idea.district == district)
    if department is not None:
        found = found.where(_waits(DepartmentOpinion.department_id == department))
    page = paged(found.order_by(Idea.number), number=number, per_page=PER_PAGE)
    return Page(_lines(page.items), page.number, page.pages, page.total)


def counts(edition: Edition) -> Mapping[View, int]:
    """Return how many examinations each list has, for the one signed in."""
    asked = [
        select(func.count()).select_from(_cases(edition, view).subquery()).scalar_subquery() for view in View
    ]
    return dict(zip(View, db.session.execute(select(*asked)).one(), strict=True))


def asked_of_me(edition: Edition, number: int, *, done: bool = False) -> Page[DepartmentOpinion]:
    """Return a page of what the departments of the one signed in are asked, what is due first."""
    found = (
        _open_to_me(edition.id)
        if not done
        else _of_me(edition.id).where(DepartmentOpinion.given_at.is_not(None))
    )
    return paged(
        found.order_by(DepartmentOpinion.due_on, DepartmentOpinion.id), number=number, per_page=PER_PAGE
    )


def open_to_me(edition_id: UUID | None = None) -> Select[DepartmentOpinion]:
    """Return the open questions to the departments of the one signed in, of one edition or of all."""
    return _open_to_me(edition_id)


def table(edition: Edition) -> Iterator[str]:
    """Yield the state of all examinations as a table for spreadsheets, a line at a time; amounts in whole units."""
    names, steps, verdicts = Names(edition), step_names(), verdict_names()
    heads = (
        _("No."), _("Idea"), _("District"), _("Category"), _("Supports"), _("Step"), _("Round"), _("Verdict"),
        _("Cost (%(currency)s)", currency=edition.currency), _("Waits for"), _("Due"), _("Published"), _("Appeal until"),
    )  # fmt: skip
    yield BYTE_ORDER_MARK + csv_lines([heads])
    for line in _lines(db.session.scalars(_cases(edition, View.ALL).order_by(Idea.number).limit(MOST)).all()):
        case, idea = line.case, line.idea
        waits = ", ".join(picked(one.name).text for one, _opinion in line.waits_for)
        yield csv_lines(
            [
                (
                    idea.number,
                    idea.title,
                    names.district(idea.district) or "",
                    names.category(idea.category) if idea.category else "",
                    idea.supports,
                    steps[case.step],
                    case.round,
                    verdicts[case.verdict] if case.verdict else "",
                    _major(line.cost, edition.currency),
                    waits,
                    line.due.isoformat() if line.due else "",
                    local(case.published_at).date().isoformat() if case.published_at else "",
                    local(case.appeal_until).date().isoformat() if case.appeal_until else "",
                )
            ]
        )


def step_names() -> dict[Step, str]:
    """Return what the steps are called."""
    return {
        Step.FORMAL: _("Formal check"),
        Step.OPINIONS: _("Departments are asked"),
        Step.DECISION: _("To be decided"),
        Step.DECIDED: _("Decided, not published"),
        Step.PUBLISHED: _("Published"),
        Step.FINAL: _("Final"),
    }


def verdict_names() -> dict[Verdict, str]:
    """Return what the verdicts are called."""
    return {
        Verdict.FEASIBLE: _("Can be done"),
        Verdict.WITH_CHANGES: _("Can be done with changes"),
        Verdict.NOT_FEASIBLE: _("Cannot be done"),
    }


def _waits(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return (Examination.step == Step.OPINIONS) & exists().where(
        DepartmentOpinion.idea_id == Examination.idea_id,
        DepartmentOpinion.round == Examination.round,
        DepartmentOpinion.given_at.is_(None),
        *more,
    )


def _cases(edition: Edition, view: View) -> Select[Examination]:
    found = (
        select(Examination)
        .join(Idea, Idea.id == Examination.idea_id)
        .where(Examination.edition_id == edition.id, within(COORDINATES))
    )
    condition = {
        View.FORMAL: Examination.step == Step.FORMAL,
        View.OPINIONS: Examination.step == Step.OPINIONS,
        View.OVERDUE: _waits(DepartmentOpinion.due_on < today()),
        View.DECISION: Examination.step == Step.DECISION,
        View.DECIDED: Examination.step == Step.DECIDED,
        View.APPEALED: (Examination.round == 2) & (Examination.step != Step.FINAL),
        View.DONE: Examination.step.in_((Step.PUBLISHED, Step.FINAL)),
    }.get(view)
    return found if condition is None else found.where(condition)


def _lines(cases: Sequence[Examination]) -> list[Line]:
    keys = [case.idea_id for case in cases]
    ideas = {one.id: one for one in db.session.scalars(select(Idea).where(Idea.id.in_(keys)))}
    costs, waits = latest_costs(keys), _open_opinions(keys)
    return [
        Line(case, ideas[case.idea_id], costs.get(case.idea_id), tuple(waits.get(case.idea_id, ())))
        for case in cases
    ]


def _open_opinions(idea_ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[Department, DepartmentOpinion]]]:
    found: dict[UUID, list[tuple[Department, DepartmentOpinion]]] = {}
    open_ones = (
        select(Department, DepartmentOpinion)
        .join(DepartmentOpinion, DepartmentOpinion.department_id == Department.id)
        .join(Examination, Examination.idea_id == DepartmentOpinion.idea_id)
        .where(
            DepartmentOpinion.idea_id.in_(idea_ids),
            DepartmentOpinion.given_at.is_(None),
            DepartmentOpinion.round == Examination.round,
            Examination.step == Step.OPINIONS,
        )
        .order_by(DepartmentOpinion.due_on, Department.position)
    )
    for department, opinion in db.session.execute(open_ones):
        found.setdefault(opinion.idea_id, []).append((department, opinion))
    return found


def _of_me(edition_id: UUID | None) -> Select[DepartmentOpinion]:
    person = me()
    mine = departments_of(person) if person is not None else ()
    found = (
        select(DepartmentOpinion)
        .join(Idea, Idea.id == DepartmentOpinion.idea_id)
        .where(DepartmentOpinion.department_id.in_(mine), within(EVALUATES))
    )
    return found if edition_id is None else found.where(Idea.edition_id == edition_id)


def _open_to_me(edition_id: UUID | None) -> Select[DepartmentOpinion]:
    return (
        _of_me(edition_id)
        .join(Examination, Examination.idea_id == DepartmentOpinion.idea_id)
        .where(
            DepartmentOpinion.given_at.is_(None),
            DepartmentOpinion.round == Examination.round,
            Examination.step == Step.OPINIONS,
        )
    )


def _major(amount: int | None, currency: str) -> str:
    return "" if amount is None else str(to_major(amount, currency))
