"""One idea becomes part of another: authors, followers, supports and comments go along, nothing is lost."""

from sqlalchemy import select, update

from app.sdk import Conflict, _, db, move_followers, now

from ...models import Idea, IdeaAuthor, IdeaComment, ProjectIdea
from ...rules.ideas.states import Happening, IdeaState, Joining
from . import history, publishing, supporting
from .authors import account_ids, authors_of
from .following import subject, tell_merged
from .seeing import locked


def merge_into(part: Idea, whole: Idea) -> Idea:
    """Make one idea part of another of the same edition and return that; done before, it changes nothing.

    The idea keeps its page, text and files, and leads to the other. Raises Conflict where it cannot be.
    """
    if part.id == whole.id:
        raise Conflict(_("An idea cannot become part of itself."))
    # Always in one order, so that two people who merge the other way round wait instead of locking each other out.
    both = {one: locked(one) for one in sorted((part.id, whole.id))}
    idea, into = both[part.id], both[whole.id]
    if idea.state is IdeaState.MERGED and idea.merged_into == into.id:
        return into
    _must_fit(idea, into)
    idea.state, idea.merged_into, idea.publish_at = IdeaState.MERGED, into.id, None
    idea.version, into.version = idea.version + 1, into.version + 1
    known = account_ids(into)
    _move_authors(idea, into)
    db.session.execute(update(Idea).where(Idea.merged_into == idea.id).values(merged_into=into.id))
    db.session.execute(update(IdeaComment).where(IdeaComment.idea_id == idea.id).values(idea_id=into.id))
    db.session.flush()
    supporting.move(idea, into)
    move_followers(subject(idea), subject(into))
    history.note(idea, Happening.MERGED, other=into.id)
    history.note(into, Happening.TOOK_IN, other=idea.id)
    db.session.flush()
    publishing.show_as_is(idea)
    publishing.show_as_is(into)
    tell_merged(idea, into, known)
    return into


def merged(idea: Idea) -> list[Idea]:
    """Return the ideas that have become part of one."""
    parts = select(Idea).where(Idea.merged_into == idea.id)
    return list(db.session.scalars(parts.order_by(Idea.number).limit(200)))


def _must_fit(idea: Idea, into: Idea) -> None:
    if idea.edition_id != into.edition_id:
        raise Conflict(_("Both ideas have to be of one edition."))
    if idea.state not in (IdeaState.WAITING, IdeaState.PUBLISHED):
        raise Conflict(_("This idea cannot become part of another any more."))
    if into.state not in (IdeaState.WAITING, IdeaState.PUBLISHED):
        raise Conflict(_("The other idea is not shown. Choose one that is."))
    if db.session.scalar(select(ProjectIdea.idea_id).where(ProjectIdea.idea_id == idea.id).limit(1)):
        raise Conflict(_("This idea is a project on the ballot already."))


def _move_authors(idea: Idea, into: Idea) -> None:
    """Let the authors of an idea stand for the other one, too; on the page of the first one they stay named."""
    known = set(account_ids(into))
    for author in authors_of([idea])[idea.id]:
        if author.account_id in known or (author.account_id is None and not author.name):
            continue
        row = IdeaAuthor(
            idea_id=into.id,
            state=Joining.ACCEPTED,
            account_id=author.account_id,
            name=author.name,
            invited_at=now(),
            answered_at=now(),
        )
        db.session.add(row)
    open_ones = IdeaAuthor.idea_id == idea.id, IdeaAuthor.state == Joining.INVITED
    for row in db.session.scalars(select(IdeaAuthor).where(*open_ones)):
        db.session.delete(row)
    db.session.flush()
