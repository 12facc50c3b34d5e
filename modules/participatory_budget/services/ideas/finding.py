"""Finding ideas: lists with filters, words that are typed almost right, and what is alike or near."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from app.sdk import NotFound, Page, _, db, found_alike, found_subjects, paged

from ...models import Edition, Idea, IdeaComment, ProjectIdea
from ...rules.ideas.plane import Place, box_around, metres_between
from ...rules.ideas.states import CommentState, IdeaState
from ..finding import findable_ideas
from .seeing import HIGHEST

ON_A_PAGE, MOST_FOUND, MOST_ALIKE = 24, 1000, 6
NEAR_METRES = 500
MOST_PLACES = 5000


class Order(StrEnum):
    """In which order ideas are listed."""

    RANDOM = "random"
    """Another one for each reader, so that nobody's idea is always the first."""
    SUPPORT = "support"
    NEWEST = "newest"


class Standing(StrEnum):
    """What has become of the ideas that are asked for; empty for all that are shown."""

    ANY = ""
    ON_BALLOT = "on-ballot"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which ideas are asked for; what is empty filters nothing."""

    category: str = ""
    district: str = ""
    standing: Standing = Standing.ANY
    words: str = ""
    order: Order = Order.RANDOM
    seed: bytes = b""


@dataclass(frozen=True, slots=True)
class Alike:
    """An idea that is about the same; `metres` away where both have a place and it is near."""

    idea: Idea
    metres: int | None = None


def shown(edition: Edition) -> Select[Idea]:
    """Return the ideas of an edition that everybody sees, to be listed in whatever order."""
    return select(Idea).where(Idea.edition_id == edition.id, Idea.state == IdeaState.PUBLISHED)


def one_shown(edition: Edition, number: int) -> Idea:
    """Return an idea that everybody sees; raises NotFound."""
    asked = shown(edition).where(Idea.number == number)
    found = db.session.scalar(asked) if number <= HIGHEST else None
    if found is None:
        raise NotFound(_("There is no such idea."))
    return found


def by_id(idea_id: UUID) -> Idea | None:
    """Return an idea, whoever sees it."""
    return db.session.get(Idea, idea_id)


def page(edition: Edition, asked: Asked, number: int) -> Page[Idea]:
    """Return one page of the ideas that are asked for; words that are written almost right find, too."""
    found = narrowed(edition, asked)
    if not asked.words:
        return paged(found.order_by(*_order(asked)), number=number, per_page=ON_A_PAGE)
    ids = found_subjects(findable_ideas, asked.words, most=MOST_FOUND)
    rank = func.array_position(ids, cast(Idea.id, String)) if ids else Idea.id
    found = found.where(Idea.id.in_([UUID(one) for one in ids]))
    by = (rank,) if asked.order is Order.RANDOM else _order(asked)
    return paged(found.order_by(*by), number=number, per_page=ON_A_PAGE)


def narrowed(edition: Edition, asked: Asked) -> Select[Idea]:
    """Return the ideas that filters leave."""
    found = shown(edition)
    if asked.standing is Standing.MERGED:
        found = select(Idea).where(Idea.edition_id == edition.id, Idea.state == IdeaState.MERGED)
    elif asked.standing is Standing.ON_BALLOT:
        found = found.where(Idea.id.in_(select(ProjectIdea.idea_id)))
    if asked.category:
        found = found.where(Idea.category == asked.category)
    if asked.district:
        found = found.where(Idea.district == asked.district)
    return found


def number_shown(edition: Edition) -> int:
    """Return how many ideas everybody sees."""
    return db.session.scalar(select(func.count()).select_from(shown(edition).subquery())) or 0


def by_district(edition: Edition) -> dict[str, int]:
    """Return how many ideas each district has."""
    counted = shown(edition).with_only_columns(Idea.district, func.count()).group_by(Idea.district)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def alike(
    edition: Edition, title: str, *, at: Place | None = None, besides: UUID | None = None
) -> list[Alike]:
    """Return ideas that everybody sees and that are about the same as a title, or within 500 metres of a place."""
    ids = [UUID(one) for one in found_alike(findable_ideas, title, most=4 * MOST_ALIKE)]
    asked = shown(edition).where(Idea.id.in_(ids))
    by_words = {idea.id: idea for idea in db.session.scalars(asked) if idea.id != besides}
    close = {} if at is None else {one.idea.id: one for one in near(edition, at) if one.idea.id != besides}
    same = [Alike(by_words[one], _metres(by_words[one], at)) for one in ids if one in by_words]
    # First what is about the same and near, then what is about the same, then what is near.
    both = [one for one in same if one.idea.id in close]
    words = [one for one in same if one.idea.id not in close]
    rest = [one for ident, one in close.items() if ident not in by_words]
    return [*both, *words, *rest][:MOST_ALIKE]


def near(edition: Edition, at: Place, metres: int = NEAR_METRES) -> list[Alike]:
    """Return the ideas that everybody sees around a place, the nearest first."""
    west, south, east, north = box_around(at, metres)
    inside = shown(edition).where(Idea.longitude.between(west, east), Idea.latitude.between(south, north))
    found = [Alike(idea, _metres(idea, at)) for idea in db.session.scalars(inside.limit(200))]
    close = [one for one in found if one.metres is not None and one.metres <= metres]
    return sorted(close, key=lambda one: one.metres or 0)


def with_places(edition: Edition) -> Sequence[Idea]:
    """Return the ideas that everybody sees and that have a place on the map."""
    placed = shown(edition).where(Idea.latitude.is_not(None))
    return db.session.scalars(placed.order_by(Idea.number).limit(MOST_PLACES)).all()


def newest(edition: Edition, most: int) -> Sequence[Idea]:
    """Return the ideas that were published last."""
    return db.session.scalars(
        shown(edition).order_by(Idea.published_at.desc(), Idea.id.desc()).limit(most)
    ).all()


def comment_counts(ideas: Sequence[Idea]) -> dict[UUID, int]:
    """Return how many comments each idea has that everybody sees."""
    counted = (
        select(IdeaComment.idea_id, func.count())
        .where(IdeaComment.idea_id.in_([one.id for one in ideas]), IdeaComment.state == CommentState.VISIBLE)
        .group_by(IdeaComment.idea_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _order(asked: Asked) -> tuple[ColumnElement[object], ...]:
    if asked.order is Order.SUPPORT:
        return (Idea.supports.desc(), Idea.published_at.desc(), Idea.id.desc())  # type: ignore[return-value]
    if asked.order is Order.NEWEST:
        return (Idea.published_at.desc(), Idea.id.desc())  # type: ignore[return-value]
    return (func.md5(cast(Idea.id, String) + asked.seed.hex()), Idea.id)  # type: ignore[return-value]


def _metres(idea: Idea, at: Place | None) -> int | None:
    if at is None or idea.latitude is None or idea.longitude is None:
        return None
    return round(metres_between(at, (idea.longitude, idea.latitude)))
