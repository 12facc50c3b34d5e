"""The projects on the ballot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Text, func, select

from app.sdk import Conflict, Localized, NotFound, _, audit, db

from ..models import Edition, Project
from .editions import by_id, changeable


@dataclass(frozen=True, slots=True)
class ProjectTexts:
    """What staff write about a project; cost in minor units."""

    title: Localized
    cost: int
    summary: Localized = field(default_factory=dict)
    category: str = ""
    district: str = ""
    reference: str = ""
    picture: str = ""
    picture_alt: Localized = field(default_factory=dict)


def projects(
    edition: Edition, *, category: str = "", district: str = "", words: str = ""
) -> Sequence[Project]:
    """Return the projects of an edition in the declared order, narrowed down when asked."""
    found = select(Project).where(Project.edition_id == edition.id)
    if category:
        found = found.where(Project.category == category)
    if district:
        found = found.where(Project.district == district)
    if words:
        text = func.unaccent(func.lower(Project.title.cast(Text)))
        found = found.where(text.contains(func.unaccent(func.lower(words)), autoescape=True))
    return db.session.scalars(found.order_by(Project.number).limit(5000)).all()


def project(edition: Edition, number: int) -> Project:
    """Return one project by its number; raises NotFound."""
    found = db.session.scalar(
        select(Project).where(Project.edition_id == edition.id, Project.number == number)
    )
    if found is None:
        raise NotFound(_("There is no such project."))
    return found


def add(edition_id: UUID, texts: ProjectTexts) -> Project:
    """Put a project on the ballot, last in the order; raises Conflict once the ballot is fixed."""
    edition = changeable(edition_id)
    _not_imported(edition)
    last = db.session.scalar(select(func.max(Project.number)).where(Project.edition_id == edition.id)) or 0
    number = last + 1
    made = Project(edition_id=edition.id, number=number, reference=texts.reference or str(number))
    _write(made, texts)
    db.session.add(made)
    db.session.flush()
    audit("participatory_budget.project_added", subject=f"project:{made.id}", number=number)
    return made


def change(edition_id: UUID, number: int, texts: ProjectTexts) -> Project:
    """Change a project; once the ballot is fixed only its texts and picture."""
    edition = by_id(edition_id, lock=True)
    found = project(edition, number)
    if edition.slot_salt is not None or edition.sealed_at is not None:
        same = (texts.cost, texts.category, texts.district) == (found.cost, found.category, found.district)
        if not same:
            raise Conflict(_("The ballot is fixed: cost, category and district can no longer change."))
    _write(found, texts)
    audit("participatory_budget.project_changed", subject=f"project:{found.id}", number=number)
    return found


def remove(edition_id: UUID, number: int) -> None:
    """Take a project off the ballot; raises Conflict once the ballot is fixed."""
    edition = changeable(edition_id)
    _not_imported(edition)
    found = project(edition, number)
    audit("participatory_budget.project_removed", subject=f"project:{found.id}", number=number)
    db.session.delete(found)
    db.session.flush()


def exclude(edition_id: UUID, number: int, reason: Localized | None) -> Project:
    """Take a project out of the count for a public reason, or put it back; not once the result is published."""
    edition = by_id(edition_id, lock=True)
    if edition.published_at is not None:
        raise Conflict(_("The result is published."))
    found = project(edition, number)
    found.excluded = reason or None
    audit(
        "participatory_budget.project_excluded",
        subject=f"project:{found.id}",
        number=number,
        out=bool(reason),
    )
    return found


def shares(edition: Edition) -> Mapping[str, int]:
    """Return how many projects each category has."""
    counted = select(Project.category, func.count()).where(Project.edition_id == edition.id)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Project.category))}


def _write(target: Project, texts: ProjectTexts) -> None:
    target.title, target.summary = texts.title, texts.summary
    target.cost, target.category, target.district = texts.cost, texts.category, texts.district
    target.picture, target.picture_alt = texts.picture, texts.picture_alt
    if texts.reference:
        target.reference = texts.reference


def _not_imported(edition: Edition) -> None:
    if edition.imported:
        raise Conflict(_("The ballots were imported with their projects; none can be added or removed."))
