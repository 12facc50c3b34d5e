"""Comments on ideas and answers to them, in two levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, select

from app.sdk import (
    Account,
    Conflict,
    Invalid,
    Localized,
    NotFound,
    Page,
    _,
    current_account,
    db,
    language,
    now,
    paged,
)

from ...models import Edition, Idea, IdeaComment
from ...rules.ideas.doubts import must_wait
from ...rules.ideas.states import CommentState, IdeaState
from ...rules.ideas.threads import Thread, threads
from . import hooks
from .doubting import Sending, doubts_of
from .following import tell_comment
from .rules_of import rules_of
from .seeing import locked

LONGEST = 2000
EDIT_FOR = timedelta(minutes=15)
THREADS_ON_A_PAGE, MOST_ANSWERS = 20, 500


class Sort(StrEnum):
    """In which order comments of the first level stand."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Talk:
    """One page of what is said to an idea."""

    threads: Sequence[Thread[IdeaComment]]
    page: Page[IdeaComment]
    number: int
    """How many comments everybody sees, answers included."""


def takes_comments(edition: Edition, idea: Idea) -> bool:
    """Tell whether something can be said to an idea now."""
    return rules_of(edition).takes_comments and idea.state is IdeaState.PUBLISHED


def talk(idea: Idea, *, sort: Sort = Sort.NEWEST, number: int = 1) -> Talk:
    """Return one page of comments: what everybody sees, and the reader's own that wait."""
    by = IdeaComment.written_at.desc() if sort is Sort.NEWEST else IdeaComment.written_at.asc()
    first = _seen(idea).where(IdeaComment.parent_id.is_(None))
    page = paged(first.order_by(by, IdeaComment.id), number=number, per_page=THREADS_ON_A_PAGE)
    answers = _seen(idea).where(IdeaComment.parent_id.in_([one.id for one in page.items]))
    found = db.session.scalars(
        answers.order_by(IdeaComment.written_at, IdeaComment.id).limit(MOST_ANSWERS)
    ).all()
    counted = select(func.count()).select_from(IdeaComment)
    visible = counted.where(IdeaComment.idea_id == idea.id, IdeaComment.state == CommentState.VISIBLE)
    made = threads([*page.items, *found], lambda one: one.id, lambda one: one.parent_id)
    return Talk(made, page, db.session.scalar(visible) or 0)


def write(
    edition: Edition,
    idea_id: UUID,
    account: Account,
    words: str,
    *,
    answers: UUID | None = None,
    sending: Sending,
    official: bool = False,
) -> IdeaComment:
    """Say something to an idea, or answer a comment; what is doubted waits for staff. Raises Invalid, Conflict."""
    idea = locked(idea_id)
    if not takes_comments(edition, idea):
        raise Conflict(_("Nothing can be said to this idea any more."))
    said = _checked(words)
    doubts = doubts_of(account, said, sending)
    comment = IdeaComment(
        idea_id=idea.id,
        parent_id=_first_level(idea, answers),
        state=CommentState.WAITING if must_wait(doubts) else CommentState.VISIBLE,
        account_id=account.id,
        author_name=account.name,
        is_official=official,
        text=said,
        language=language(),
        doubts=[doubt.value for doubt in doubts],
        written_at=now(),
    )
    db.session.add(comment)
    db.session.flush()
    hooks.tell_comment(comment)
    if comment.state is CommentState.VISIBLE:
        tell_comment(idea, comment)
    return comment


def change(comment_id: UUID, account: Account, words: str, sending: Sending) -> IdeaComment:
    """Correct what one has said, within a quarter of an hour; raises Conflict later."""
    comment = _own(comment_id, account)
    if not may_change(comment):
        raise Conflict(_("A comment can be changed within 15 minutes. Write another one."))
    said = _checked(words)
    if said == comment.text:
        return comment
    doubts = doubts_of(account, said, sending, besides=comment.id)
    comment.text, comment.edited_at, comment.doubts = said, now(), [doubt.value for doubt in doubts]
    if must_wait(doubts):
        comment.state = CommentState.WAITING
    hooks.tell_comment(comment)
    return comment


def remove(comment_id: UUID, account: Account) -> IdeaComment:
    """Take back what one has said; the answers to it stay."""
    comment = _own(comment_id, account)
    comment.state, comment.text, comment.author_name = CommentState.REMOVED, "", ""
    comment.account_id, comment.edited_at = None, now()
    return comment


def may_change(comment: IdeaComment) -> bool:
    """Tell whether its author can still correct a comment."""
    fresh = now() - comment.written_at <= EDIT_FOR
    return fresh and comment.state in (CommentState.VISIBLE, CommentState.WAITING)


def show(comment_id: UUID) -> IdeaComment:
    """Show a comment that waited or was hidden, for staff."""
    comment = _locked(comment_id)
    if comment.state is CommentState.REMOVED:
        raise Conflict(_("Its author has taken this comment back."))
    if comment.state is not CommentState.VISIBLE:
        comment.state, comment.note = CommentState.VISIBLE, {}
        tell_comment(db.session.get_one(Idea, comment.idea_id), comment)
    return comment


def hide(comment_id: UUID, reason: Localized) -> IdeaComment:
    """Hide a comment, with the reason for its author, for staff."""
    comment = _locked(comment_id)
    if comment.state is CommentState.REMOVED:
        raise Conflict(_("Its author has taken this comment back."))
    comment.state, comment.note = CommentState.HIDDEN, reason
    return comment


def on_idea(idea: Idea, comment_id: UUID) -> IdeaComment:
    """Return a comment of an idea whose words the reader sees: of a hidden one only its author; raises NotFound."""
    found = db.session.scalar(_seen(idea).where(IdeaComment.id == comment_id))
    if found is None or (found.state is not CommentState.VISIBLE and not _is_own(found)):
        raise NotFound(_("There is no such comment."))
    return found


def own_on_idea(idea: Idea, comment_id: UUID) -> IdeaComment:
    """Return the reader's own comment on an idea; raises NotFound."""
    found = on_idea(idea, comment_id)
    if not _is_own(found):
        raise NotFound(_("There is no such comment."))
    return found


def forget(account_id: UUID) -> None:
    """Take somebody's name off what she has said."""
    mine = select(IdeaComment).where(IdeaComment.account_id == account_id)
    for comment in db.session.scalars(mine.with_for_update()):
        comment.account_id, comment.author_name = None, ""


def _is_own(comment: IdeaComment) -> bool:
    """Tell whether the reader has written a comment; nobody has written one whose author took it back."""
    account = current_account()
    return account is not None and comment.account_id == account.id


def _seen(idea: Idea) -> Select[IdeaComment]:
    """Return what the reader sees: hidden and removed comments keep their place, waiting ones are her own."""
    account = current_account()
    everybody = IdeaComment.state != CommentState.WAITING
    own = IdeaComment.account_id == account.id if account is not None else None
    seen = everybody if own is None else everybody | own
    return select(IdeaComment).where(IdeaComment.idea_id == idea.id, seen)


def _first_level(idea: Idea, answers: UUID | None) -> UUID | None:
    """Return the comment under which an answer stands: answers to answers stand beside them."""
    if answers is None:
        return None
    found = db.session.get(IdeaComment, answers)
    if found is None or found.idea_id != idea.id or found.state is not CommentState.VISIBLE:
        raise NotFound(_("The comment that you answer is no longer shown."))
    return found.parent_id or found.id


def _checked(words: str) -> str:
    said = words.replace("\r\n", "\n").strip()
    if not said:
        raise Invalid(_("Write something first."))
    if len(said) > LONGEST:
        raise Invalid(_("A comment has at most %(most)s characters.", most=LONGEST))
    return said


def _own(comment_id: UUID, account: Account) -> IdeaComment:
    comment = db.session.get(IdeaComment, comment_id, with_for_update=True, populate_existing=True)
    if comment is None or comment.account_id != account.id:
        raise NotFound(_("There is no such comment."))
    return comment


def _locked(comment_id: UUID) -> IdeaComment:
    comment = db.session.get(IdeaComment, comment_id, with_for_update=True, populate_existing=True)
    if comment is None:
        raise NotFound(_("There is no such comment."))
    return comment
