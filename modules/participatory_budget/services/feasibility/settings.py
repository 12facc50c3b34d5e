"""How an edition examines ideas: the way, the criteria, the departments and their people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, func, select

from app.sdk import Account, Conflict, Invalid, Localized, NotFound, _, audit, db

from ...models import (
    Criterion,
    CriterionAnswer,
    Department,
    DepartmentMember,
    DepartmentOpinion,
    Edition,
)
from ...rules.feasibility.flows import ReviewRules, read_review, write_review
from ..editions import by_id
from ..marks import must_be_as_seen
from ..moderation.reasons import in_all_languages

MOST = 50
LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True)
class DepartmentTexts:
    """What is said of a department; people are addresses of mail of colleagues."""

    name: Localized
    days: int
    people: Sequence[str] = field(default_factory=tuple)


def rules_of(edition: Edition) -> ReviewRules:
    """Return how an edition looks at ideas."""
    return read_review(edition.review_rules)


def change_rules(edition_id: UUID, rules: ReviewRules, *, seen: str | None = None) -> Edition:
    """Change the way of examination; ideas that are under way go on by the new one."""
    edition = by_id(edition_id, lock=True)
    must_be_as_seen(rules_of(edition), seen)
    edition.review_rules = write_review(rules)
    audit("participatory_budget.review_rules_changed", subject=f"edition:{edition.id}")
    return edition


def criteria(edition: Edition) -> Sequence[Criterion]:
    """Return the criteria of an edition in their order."""
    mine = select(Criterion).where(Criterion.edition_id == edition.id)
    return db.session.scalars(mine.order_by(Criterion.position, Criterion.id).limit(MOST)).all()


def criterion(edition: Edition, criterion_id: UUID) -> Criterion:
    """Return one criterion; raises NotFound."""
    found = db.session.get(Criterion, criterion_id)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such criterion."))
    return found


def add_criterion(edition_id: UUID, name: Localized, hint: Localized) -> Criterion:
    """Add a criterion, last in the list; opinions that were given do not answer it."""
    edition = by_id(edition_id, lock=True)
    known = criteria(edition)
    if len(known) >= MOST:
        raise Conflict(_("There can be %(most)s criteria at most.", most=MOST))
    position = max((one.position for one in known), default=-1) + 1
    made = Criterion(edition_id=edition.id, position=position, name=name, hint=hint)
    db.session.add(made)
    db.session.flush()
    _note("criterion_saved", edition)
    return made


def add_usual_criteria(edition_id: UUID) -> None:
    """Begin with the criteria that most cities have; nothing where there are some."""
    edition = by_id(edition_id, lock=True)
    if criteria(edition):
        return
    for name, hint in in_all_languages(_usual):
        add_criterion(edition_id, name, hint)


def change_criterion(edition_id: UUID, criterion_id: UUID, name: Localized, hint: Localized) -> Criterion:
    """Change the words of a criterion."""
    edition = by_id(edition_id, lock=True)
    found = criterion(edition, criterion_id)
    found.name, found.hint = name, hint
    _note("criterion_saved", edition)
    return found


def remove_criterion(edition_id: UUID, criterion_id: UUID) -> None:
    """Take a criterion off; raises Conflict once a department has answered it."""
    edition = by_id(edition_id, lock=True)
    found = criterion(edition, criterion_id)
    answered = (
        select(func.count()).select_from(CriterionAnswer).where(CriterionAnswer.criterion_id == found.id)
    )
    if db.session.scalar(answered):
        raise Conflict(_("Departments have answered this criterion already: it stays. Its words can change."))
    db.session.delete(found)
    _note("criterion_saved", edition)


def departments(edition: Edition) -> Sequence[Department]:
    """Return the departments of an edition in their order."""
    mine = select(Department).where(Department.edition_id == edition.id)
    return db.session.scalars(mine.order_by(Department.position, Department.id).limit(MOST)).all()


def department(edition: Edition, department_id: UUID) -> Department:
    """Return one department; raises NotFound."""
    found = db.session.get(Department, department_id)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such department."))
    return found


def members(edition: Edition) -> Mapping[UUID, Sequence[Account]]:
    """Return who answers for each department."""
    found = (
        select(DepartmentMember.department_id, Account)
        .join(Account, Account.id == DepartmentMember.account_id)
        .join(Department, Department.id == DepartmentMember.department_id)
        .where(Department.edition_id == edition.id)
        .order_by(Account.name, Account.id)
        .limit(MOST * MOST)
    )
    people: dict[UUID, list[Account]] = {}
    for department_id, account in db.session.execute(found):
        people.setdefault(department_id, []).append(account)
    return people


def texts_of(edition: Edition, found: Department) -> DepartmentTexts:
    """Return a department as it is saved."""
    people = members(edition).get(found.id, ())
    return DepartmentTexts(dict(found.name), found.days, tuple(one.email for one in people))


def save_department(
    edition_id: UUID, texts: DepartmentTexts, department_id: UUID | None = None
) -> Department:
    """Add a department or change one; raises Invalid for somebody who does not work for the city."""
    edition = by_id(edition_id, lock=True)
    if not 1 <= texts.days <= LONGEST_DAYS:
        raise Invalid(_("A department has from 1 to %(most)s days.", most=LONGEST_DAYS))
    people = _colleagues(texts.people)
    if department_id is None:
        known = departments(edition)
        if len(known) >= MOST:
            raise Conflict(_("There can be %(most)s departments at most.", most=MOST))
        position = max((one.position for one in known), default=-1) + 1
        found = Department(edition_id=edition.id, position=position)
        db.session.add(found)
    else:
        found = department(edition, department_id)
    found.name, found.days = texts.name, texts.days
    db.session.flush()
    db.session.execute(delete(DepartmentMember).where(DepartmentMember.department_id == found.id))
    db.session.add_all(DepartmentMember(department_id=found.id, account_id=one) for one in people)
    db.session.flush()
    _note("department_saved", edition)
    return found


def remove_department(edition_id: UUID, department_id: UUID) -> None:
    """Take a department off; raises Conflict once it was asked about an idea."""
    edition = by_id(edition_id, lock=True)
    found = department(edition, department_id)
    asked = select(func.count()).select_from(DepartmentOpinion)
    if db.session.scalar(asked.where(DepartmentOpinion.department_id == found.id)):
        raise Conflict(_("This department was asked about ideas: it stays."))
    db.session.delete(found)
    _note("department_saved", edition)


def departments_of(account_id: UUID) -> Sequence[UUID]:
    """Return the departments for which somebody answers, in whatever edition."""
    mine = select(DepartmentMember.department_id).where(DepartmentMember.account_id == account_id)
    return db.session.scalars(mine.limit(500)).all()


def _colleagues(emails: Sequence[str]) -> list[UUID]:
    wanted = {one.strip().casefold() for one in emails if one.strip()}
    rows = db.session.scalars(select(Account).where(func.lower(Account.email).in_(wanted)).limit(200))
    found = {one.email.casefold(): one for one in rows if one.is_staff}
    if missing := sorted(wanted - found.keys()):
        raise Invalid(_("Nobody who works for the city has the address %(address)s.", address=missing[0]))
    return [one.id for one in found.values()]


def _note(act: str, edition: Edition) -> None:
    audit(f"participatory_budget.{act}", subject=f"edition:{edition.id}")


def _usual() -> list[tuple[str, ...]]:
    return [
        (_("Law"), _("Is the city allowed to do it, and are permits needed?")),
        (_("Land"), _("Does the place belong to the city, and is it free?")),
        (_("Technique"), _("Can it be built or done there?")),
        (_("Cost"), _("Does it fit into the money there is?")),
        (_("Upkeep"), _("Who looks after it, and what does that cost each year?")),
    ]
