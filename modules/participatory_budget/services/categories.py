"""The categories of an edition: added, named, ordered and removed one by one."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from app.sdk import Conflict, Localized, NotFound, _, audit, current_city, db, ngettext, number

from ..models import Category, Edition, Project
from .editing import may_change_money
from .editions import by_id, changeable
from .keys import free_key
from .marks import must_be_as_seen

MOST = 100


@dataclass(frozen=True, slots=True)
class CategoryTexts:
    """What staff say about a category; money in minor units."""

    name: Localized
    summary: Localized = field(default_factory=dict)
    envelope: int | None = None


def texts_of(category: Category) -> CategoryTexts:
    """Return a category as it is saved."""
    return CategoryTexts(dict(category.name), dict(category.summary), category.envelope)


def category(edition: Edition, category_id: UUID) -> Category:
    """Return a category of this edition; raises NotFound."""
    for found in edition.categories:
        if found.id == category_id:
            return found
    raise NotFound(_("There is no such category. Somebody may have removed it."))


def add(edition_id: UUID, texts: CategoryTexts) -> Category:
    """Add a category at the end; raises Conflict once the ballot is fixed."""
    edition = changeable(edition_id)
    if len(edition.categories) >= MOST:
        raise Conflict(_("An edition can have %(most)s categories at most.", most=number(MOST)))
    words = texts.name.get(current_city().language, "")
    key = free_key(words, {one.key for one in edition.categories})
    made = Category(key=key, name=texts.name, summary=texts.summary, envelope=texts.envelope)
    made.position = len(edition.categories)
    edition.categories.append(made)
    db.session.flush()
    _note("category_added", edition, key=key)
    return made


def change(edition_id: UUID, category_id: UUID, texts: CategoryTexts, *, seen: str | None = None) -> Category:
    """Change a category; once the money is fixed only its texts."""
    edition = by_id(edition_id, lock=True)
    found = category(edition, category_id)
    must_be_as_seen(texts_of(found), seen)
    if texts.envelope != found.envelope and not may_change_money(edition):
        raise Conflict(_("The ballot is fixed: the money of a category can no longer change."))
    found.name, found.summary, found.envelope = texts.name, texts.summary, texts.envelope
    _note("category_changed", edition, key=found.key)
    return found


def move(edition_id: UUID, category_id: UUID, *, up: bool) -> Category:
    """Move a category one place up or down; at the end of the list it stays where it is."""
    edition = changeable(edition_id)
    ordered = list(edition.categories)
    found = category(edition, category_id)
    place = ordered.index(found)
    other = place - 1 if up else place + 1
    if 0 <= other < len(ordered):
        ordered[place], ordered[other] = ordered[other], found
        for position, one in enumerate(ordered):
            one.position = position
        _note("category_moved", edition, key=found.key)
        db.session.flush()
        db.session.expire(edition, ["categories"])
    return found


def remove(edition_id: UUID, category_id: UUID) -> None:
    """Remove a category; raises Conflict while projects stand in it."""
    edition = changeable(edition_id)
    found = category(edition, category_id)
    mine = select(func.count()).select_from(Project)
    inside = db.session.scalar(mine.where(Project.edition_id == edition.id, Project.category == found.key))
    if inside:
        raise Conflict(
            ngettext(
                "%(num)d project stands in this category. Move it first.",
                "%(num)d projects stand in this category. Move them first.",
                inside,
            )
        )
    edition.categories.remove(found)
    _note("category_removed", edition, key=found.key)
    db.session.flush()


def _note(act: str, edition: Edition, *, key: str) -> None:
    audit(f"participatory_budget.{act}", subject=f"edition:{edition.id}", category=key)
