"""What a moderator may decide about an idea or a comment, and who may judge an appeal."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ..ideas.states import CommentState, IdeaState


class Decision(StrEnum):
    """What staff decided; each is kept, with who and when."""

    PUBLISH = "publish"
    ASK = "ask"
    """The author is asked something; the idea waits for her."""
    MERGE = "merge"
    REFUSE = "refuse"
    ESCALATE = "escalate"
    """A coordinator is to decide."""
    KEEP = "keep"
    """It was reported, and nothing is wrong with it."""
    HIDE = "hide"
    """A comment is no longer shown."""
    DISMISS = "dismiss"
    """An appeal was looked at and the refusal stays."""
    NOTE = "note"
    """Only a word for colleagues."""


class AppealOf(StrEnum):
    """What an appeal is against."""

    REFUSAL = "refusal"
    """A moderator refused the idea."""
    OPINION = "opinion"
    """The town hall found that it cannot be done."""


NEEDS_REASON = frozenset({Decision.ASK, Decision.REFUSE, Decision.HIDE, Decision.DISMISS})
"""Decisions whose author reads why."""

_OF_IDEAS: dict[IdeaState, tuple[Decision, ...]] = {
    IdeaState.WAITING: (
        Decision.PUBLISH,
        Decision.ASK,
        Decision.MERGE,
        Decision.REFUSE,
        Decision.ESCALATE,
    ),
    IdeaState.PUBLISHED: (Decision.KEEP, Decision.MERGE, Decision.REFUSE, Decision.ESCALATE),
}
_OF_COMMENTS: dict[CommentState, tuple[Decision, ...]] = {
    CommentState.WAITING: (Decision.PUBLISH, Decision.HIDE),
    CommentState.VISIBLE: (Decision.KEEP, Decision.HIDE),
    CommentState.HIDDEN: (Decision.PUBLISH,),
}


def decisions_on(state: IdeaState, *, appealed: bool = False) -> tuple[Decision, ...]:
    """Return what can be decided about an idea; a refused one only when its author has appealed."""
    if state is IdeaState.REFUSED and appealed:
        return (Decision.PUBLISH, Decision.DISMISS)
    return _OF_IDEAS.get(state, ())


def decisions_on_comment(state: CommentState) -> tuple[Decision, ...]:
    """Return what can be decided about a comment."""
    return _OF_COMMENTS.get(state, ())


def may_appeal(*, decided_at: datetime, days: int, appealed: bool, at: datetime) -> bool:
    """Tell whether the author can still appeal: once, and within so many days; with 0 days never."""
    return not appealed and at < decided_at + timedelta(days=days)


def may_judge(person: UUID | None, earlier: UUID | None) -> bool:
    """Tell whether somebody may judge an appeal: not whoever decided before."""
    return person is None or earlier is None or person != earlier
