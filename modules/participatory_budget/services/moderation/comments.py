"""Decisions about comments: shown, hidden with a reason, kept although somebody reported them."""

from uuid import UUID

from sqlalchemy import select

from app.sdk import Conflict, Forbidden, Invalid, NotFound, _, audit, db, notify, now

from ...models import Edition, Idea, IdeaComment, IdeaDecision, IdeaReport
from ...rules.moderation.decisions import NEEDS_REASON, Decision, decisions_on_comment
from ..ideas import commenting, reporting
from ..ideas.following import path
from .deciding import Ruling
from .queue import PERMISSION
from .reach import me, must_reach


def comment_of(edition: Edition, comment_id: UUID, *, lock: bool = False) -> tuple[IdeaComment, Idea]:
    """Return a comment that staff may look at, with its idea; raises NotFound."""
    found = db.session.get(IdeaComment, comment_id, with_for_update=lock, populate_existing=lock)
    idea = db.session.get(Idea, found.idea_id) if found is not None else None
    if found is None or idea is None or idea.edition_id != edition.id:
        raise NotFound(_("There is no such comment."))
    must_reach(PERMISSION, idea)
    return found, idea


def decide(edition: Edition, comment_id: UUID, ruling: Ruling) -> IdeaComment:
    """Decide about a comment; raises Conflict when a colleague was faster, Invalid without a needed reason."""
    comment, idea = comment_of(edition, comment_id, lock=True)
    if comment.account_id is not None and comment.account_id == me():
        raise Forbidden(_("You have written this comment: a colleague decides about it."))
    if ruling.decision not in decisions_on_comment(comment.state):
        raise Conflict(_("A colleague has decided about this comment meanwhile."))
    if ruling.decision in NEEDS_REASON and not ruling.reason:
        raise Invalid(_("Write a reason, or choose one: the author reads it."))
    if ruling.decision is Decision.HIDE:
        commenting.hide(comment.id, ruling.reason)
    elif ruling.decision is Decision.PUBLISH:
        commenting.show(comment.id)
    reporting.settle(idea.id, comment.id)
    made = IdeaDecision(
        idea_id=idea.id,
        comment_id=comment.id,
        decision=ruling.decision,
        decided_by=me(),
        decided_at=now(),
        reason=ruling.reason,
        note=ruling.note,
    )
    db.session.add(made)
    db.session.flush()
    audit(
        "participatory_budget.comment_decided",
        subject=f"comment:{comment.id}",
        decision=ruling.decision.value,
    )
    if ruling.decision is Decision.HIDE and comment.account_id is not None:
        notify(
            "participatory_budget.comment_hidden",
            comment.account_id,
            str(made.id),
            link=path(edition, idea),
            title=idea.title,
            reason=dict(ruling.reason),
        )
    return comment


def reports_of(idea: Idea, comment: IdeaComment | None = None) -> list[IdeaReport]:
    """Return the open reports of an idea itself, or of one comment."""
    about = IdeaReport.comment_id == comment.id if comment is not None else IdeaReport.comment_id.is_(None)
    mine = select(IdeaReport).where(IdeaReport.idea_id == idea.id, about, IdeaReport.settled_at.is_(None))
    return list(db.session.scalars(mine.order_by(IdeaReport.reported_at).limit(50)))
