"""Moderation as work of the town hall: what waits for whom, as the console's Today shows it."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.sdk import WorkCount, WorkItem, _, _l, db, may, work_queue

from ...models import Edition, Idea, IdeaComment
from .queue import PERMISSION, Shelf, is_escalated, waiting_comments, waiting_ideas
from .reach import within

SHELVES = (Shelf.NEW, Shelf.REPORTED, Shelf.APPEALS)


def _ideas() -> Select[Idea]:
    found = select(Idea).where(or_(*(waiting_ideas(shelf) for shelf in SHELVES)), within(PERMISSION))
    return found if may("participatory_budget.coordinate") else found.where(~is_escalated())


def _comments() -> Select[IdeaComment]:
    on_lists: list[ColumnElement[bool]] = [
        found for shelf in SHELVES if (found := waiting_comments(shelf)) is not None
    ]
    joined = select(IdeaComment).join(Idea, Idea.id == IdeaComment.idea_id)
    return joined.where(or_(*on_lists), within(PERMISSION))


def count_waiting(_account_id: UUID | None) -> WorkCount:
    """Return how many ideas and comments wait for a decision; they are nobody's in particular."""
    ideas = select(func.count()).select_from(_ideas().subquery()).scalar_subquery()
    comments = select(func.count()).select_from(_comments().subquery()).scalar_subquery()
    return WorkCount(unassigned=db.session.scalar(select(ideas + comments)) or 0)


@work_queue("moderation", _l("Ideas and comments to look at"), permission=PERMISSION, count=count_waiting)
def waiting(_account_id: UUID | None, most: int) -> Iterator[WorkItem]:
    """Yield ideas and comments to decide about, what waits longest first."""
    ideas = db.session.execute(
        _ideas()
        .join(Edition, Edition.id == Idea.edition_id)
        .add_columns(Edition.id)
        .order_by(Idea.submitted_at, Idea.id)
        .limit(most)
    )
    for idea, edition_id in ideas:
        yield WorkItem(
            subject=str(idea.id),
            title=_("Look at the idea: %(title)s", title=idea.title),
            url=f"/admin/participatory-budget/{edition_id}/moderation/{idea.number}",
            status="received",
            since=idea.submitted_at or idea.created_at,
            reference=str(idea.number or ""),
        )
    comments = db.session.execute(
        _comments()
        .add_columns(Idea.edition_id, Idea.title)
        .order_by(IdeaComment.written_at, IdeaComment.id)
        .limit(most)
    )
    for comment, edition_id, title in comments:
        yield WorkItem(
            subject=str(comment.id),
            title=_("Look at a comment on: %(title)s", title=title),
            url=f"/admin/participatory-budget/{edition_id}/moderation/comments/{comment.id}",
            status="received",
            since=comment.written_at,
        )
