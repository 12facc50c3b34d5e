"""What waits for moderators: new and reported ideas and comments, those that wait for their author, appeals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    Subquery,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.sdk import Looker, NotFound, Page, _, db, looked_at

from ...models import Edition, Idea, IdeaAppeal, IdeaComment, IdeaDecision, IdeaReport
from ...rules.ideas.states import CommentState, IdeaState
from ...rules.moderation.decisions import AppealOf, Decision
from ...rules.moderation.hints import Hint
from .noticing import noticed
from .reach import within

PER_PAGE = 25
EXCERPT = 220
PERMISSION = "participatory_budget.moderate"


class Shelf(StrEnum):
    """One of the lists that the queue is made of."""

    NEW = "new"
    REPORTED = "reported"
    WAITING = "waiting"
    """Their authors were asked something."""
    APPEALS = "appeals"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Row:
    """One idea or comment of a list; `idea` is the one that a comment is about."""

    idea: Idea
    comment: IdeaComment | None
    at: datetime
    excerpt: str
    hints: Sequence[Hint] = ()
    reports: int = 0
    looker: Looker | None = None
    is_escalated: bool = False
    decision: Decision | None = None

    @property
    def author(self) -> str:
        """Return who wrote it; empty when the account is gone."""
        return self.comment.author_name if self.comment is not None else self.idea.author_name

    @property
    def is_idea(self) -> bool:
        """Tell whether it is an idea and no comment."""
        return self.comment is None


def page_of(edition: Edition, shelf: Shelf, number: int, *, district: str = "", words: str = "") -> Page[Row]:
    """Return a page of a list, what waits longest first; decisions the newest first. Raises NotFound beyond it."""
    found = _lines(edition.id, shelf, district, words)
    total = db.session.scalar(select(func.count()).select_from(found)) or 0
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= number <= pages:
        raise NotFound(_("This list has no such page."))
    order = (found.c.at.desc(), found.c.id) if shelf is Shelf.DECIDED else (found.c.at, found.c.id)
    lines = db.session.execute(
        select(found.c.kind, found.c.id, found.c.at)
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return Page(_rows(lines), number, pages, total)


def counts(edition: Edition) -> Mapping[Shelf, int]:
    """Return how many things lie on each list, for the one signed in."""
    asked = [
        select(func.count()).select_from(_lines(edition.id, shelf, "", "")).scalar_subquery().label(shelf)
        for shelf in Shelf
    ]
    row = db.session.execute(select(*asked)).one()
    return dict(zip(Shelf, row, strict=True))


def latest(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Return a column of the newest decision about an idea, notes aside, inside a query of ideas."""
    return (
        select(column)
        .where(
            IdeaDecision.idea_id == Idea.id,
            IdeaDecision.comment_id.is_(None),
            IdeaDecision.decision != Decision.NOTE,
        )
        .order_by(IdeaDecision.decided_at.desc(), IdeaDecision.id.desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )


def is_asked() -> ColumnElement[bool]:
    """Return the condition that an idea waits for its author, who has not changed it since she was asked."""
    since = latest(IdeaDecision.decided_at) >= Idea.changed_at
    return func.coalesce((latest(IdeaDecision.decision) == Decision.ASK) & since, false())


def is_escalated() -> ColumnElement[bool]:
    """Return the condition that an idea waits for a coordinator."""
    return func.coalesce(latest(IdeaDecision.decision) == Decision.ESCALATE, false())


def is_appealed() -> ColumnElement[bool]:
    """Return the condition that an appeal against the refusal of an idea is to be judged."""
    return exists().where(
        IdeaAppeal.idea_id == Idea.id,
        IdeaAppeal.against == AppealOf.REFUSAL,
        IdeaAppeal.judged_at.is_(None),
    )


def waiting_ideas(shelf: Shelf) -> ColumnElement[bool]:
    """Return the condition under which an idea lies on a list."""
    reported = exists().where(
        IdeaReport.idea_id == Idea.id, IdeaReport.comment_id.is_(None), IdeaReport.settled_at.is_(None)
    )
    return {
        Shelf.NEW: (Idea.state == IdeaState.WAITING) & ~is_asked(),
        Shelf.REPORTED: (Idea.state == IdeaState.PUBLISHED) & reported,
        Shelf.WAITING: (Idea.state == IdeaState.WAITING) & is_asked(),
        Shelf.APPEALS: (Idea.state == IdeaState.REFUSED) & is_appealed(),
        Shelf.DECIDED: exists().where(IdeaDecision.idea_id == Idea.id, IdeaDecision.comment_id.is_(None)),
    }[shelf]


def waiting_comments(shelf: Shelf) -> ColumnElement[bool] | None:
    """Return the condition under which a comment lies on a list; None for lists without comments."""
    reported = exists().where(IdeaReport.comment_id == IdeaComment.id, IdeaReport.settled_at.is_(None))
    return {
        Shelf.NEW: IdeaComment.state == CommentState.WAITING,
        Shelf.REPORTED: (IdeaComment.state == CommentState.VISIBLE) & reported,
        Shelf.DECIDED: exists().where(IdeaDecision.comment_id == IdeaComment.id),
    }.get(shelf)


def _lines(edition_id: UUID, shelf: Shelf, district: str, words: str) -> Subquery:
    """Return what lies on a list as (kind, id, at), for the one signed in."""
    here = [Idea.edition_id == edition_id, within(PERMISSION)]
    if district:
        here.append(Idea.district == district)
    decided = shelf is Shelf.DECIDED
    at = latest(IdeaDecision.decided_at) if decided else func.coalesce(Idea.submitted_at, Idea.created_at)
    parts: list[Any] = [
        select(literal("idea", String).label("kind"), Idea.id.label("id"), at.label("at")).where(
            *here, waiting_ideas(shelf), *_with_words(words, Idea.title, Idea.text, Idea.author_name)
        )
    ]
    comments = waiting_comments(shelf)
    if comments is not None:
        parts.append(
            select(literal("comment", String), IdeaComment.id, IdeaComment.written_at)
            .join(Idea, Idea.id == IdeaComment.idea_id)
            .where(*here, comments, *_with_words(words, IdeaComment.text, IdeaComment.author_name))
        )
    return union_all(*parts).subquery()


def _with_words(words: str, *columns: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()[:5]
    ]


def _rows(lines: Sequence[Any]) -> list[Row]:
    comment_ids = [line.id for line in lines if line.kind == "comment"]
    comments = {
        one.id: one for one in db.session.scalars(select(IdeaComment).where(IdeaComment.id.in_(comment_ids)))
    }
    wanted = {line.id for line in lines if line.kind == "idea"} | {one.idea_id for one in comments.values()}
    found = db.session.execute(
        select(Idea, is_escalated(), latest(IdeaDecision.decision)).where(Idea.id.in_(wanted))
    ).all()
    ideas = {row[0].id: row for row in found}
    hints = noticed([row[0] for row in found], list(comments.values()))
    reports = _reports(list(wanted), comment_ids)
    lookers = looked_at([looking_subject(line.id) for line in lines])
    rows = []
    for line in lines:
        comment = comments.get(line.id)
        idea, escalated, decision = ideas[comment.idea_id if comment is not None else line.id]
        rows.append(
            Row(
                idea=idea,
                comment=comment,
                at=line.at,
                excerpt=_shortened(comment.text if comment is not None else idea.text),
                hints=hints.get(line.id, ()),
                reports=reports.get(line.id, 0),
                looker=lookers.get(looking_subject(line.id)),
                is_escalated=comment is None and bool(escalated),
                decision=Decision(decision) if decision and comment is None else None,
            )
        )
    return rows


def looking_subject(ident: UUID) -> str:
    """Return the name under which colleagues see that somebody has an idea or a comment open."""
    return f"participatory_budget:{ident}"


def _reports(idea_ids: Sequence[UUID], comment_ids: Sequence[UUID]) -> dict[UUID, int]:
    about = func.coalesce(IdeaReport.comment_id, IdeaReport.idea_id)
    counted = select(about, func.count()).where(
        IdeaReport.settled_at.is_(None),
        or_(
            IdeaReport.comment_id.in_(comment_ids),
            IdeaReport.idea_id.in_(idea_ids) & IdeaReport.comment_id.is_(None),
        ),
    )
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(about))}


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= EXCERPT else plain[:EXCERPT].rsplit(" ", 1)[0] + "…"
