"""What is known of whoever writes, for the rule that says whose words wait for a person (rules.ideas.doubts)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, func, select

from app.sdk import Account, db, now

from ...models import Idea, IdeaComment
from ...rules.ideas.doubts import Doubt, Writing, doubts_about
from ...rules.ideas.states import CommentState

YOUNG = timedelta(days=3)
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sending:
    """How a form came: whether the field that nobody sees was filled in, and how long it was open."""

    is_trapped: bool = False
    seconds: float | None = None


def doubts_of(
    account: Account, text: str, sending: Sending, *, besides: UUID | None = None
) -> tuple[Doubt, ...]:
    """Return what makes us doubt; staff are not doubted. `besides` is the idea or comment that is being changed."""
    if account.is_staff:
        return ()
    return doubts_about(
        Writing(
            text,
            is_trapped=sending.is_trapped,
            seconds=sending.seconds,
            is_newcomer=_is_newcomer(account),
            times_before=_times_before(text, besides),
        )
    )


def _is_newcomer(account: Account) -> bool:
    """Tell whether an account is young and nothing of it has been shown."""
    if account.created_at < now() - YOUNG:
        return False
    said = exists().where(IdeaComment.account_id == account.id, IdeaComment.state == CommentState.VISIBLE)
    shown = exists().where(Idea.author_id == account.id, Idea.published_at.is_not(None))
    return not db.session.scalar(select(said | shown))


def _times_before(text: str, besides: UUID | None) -> int:
    """Return how often the very words came lately, as an idea or a comment."""
    since, words = now() - LATELY, func.lower(text.strip())
    comments = select(IdeaComment.id).where(
        IdeaComment.written_at > since, func.lower(IdeaComment.text) == words
    )
    ideas = select(Idea.id).where(Idea.submitted_at > since, func.lower(Idea.text) == words)
    if besides is not None:
        comments, ideas = comments.where(IdeaComment.id != besides), ideas.where(Idea.id != besides)
    found = comments.limit(10).subquery(), ideas.limit(10).subquery()
    return sum(db.session.scalar(select(func.count()).select_from(one)) or 0 for one in found)
