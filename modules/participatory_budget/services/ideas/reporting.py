"""Reports: somebody finds that an idea or a comment should not be shown."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.sdk import Account, current_city, db, keyed_hash, new_id, now

from ...models import Idea, IdeaReport
from ...rules.ideas.states import ReportReason
from . import hooks


def report(
    idea: Idea, account: Account, reason: ReportReason, note: str = "", *, comment_id: UUID | None = None
) -> bool:
    """Keep a report for staff; returns whether it is this person's first of this."""
    row = {
        "id": new_id(),
        "idea_id": idea.id,
        "comment_id": comment_id,
        "reporter": reporter(account.id),
        "reason": reason,
        "note": " ".join(note.split())[:500],
        "reported_at": now(),
    }
    made = db.session.scalar(insert(IdeaReport).values(row).on_conflict_do_nothing().returning(IdeaReport.id))
    if made is None:
        return False
    hooks.tell_report(db.session.get_one(IdeaReport, made))
    return True


def open_reports(idea_id: UUID, comment_id: UUID | None = None) -> int:
    """Return how many people have reported this and wait for an answer."""
    found = select(func.count()).select_from(IdeaReport).where(*_of(idea_id, comment_id))
    return db.session.scalar(found.where(IdeaReport.settled_at.is_(None))) or 0


def settle(idea_id: UUID, comment_id: UUID | None = None) -> None:
    """Mark the reports of this as looked at."""
    open_ones = update(IdeaReport).where(*_of(idea_id, comment_id), IdeaReport.settled_at.is_(None))
    db.session.execute(open_ones.values(settled_at=now()))


def reporter(account_id: UUID) -> bytes:
    """Return the name under which somebody reports."""
    return keyed_hash("participatory_budget.reporter", current_city().id.encode(), account_id.bytes)


def _of(idea_id: UUID, comment_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    of_comment = (
        IdeaReport.comment_id.is_(None) if comment_id is None else IdeaReport.comment_id == comment_id
    )
    return IdeaReport.idea_id == idea_id, of_comment
