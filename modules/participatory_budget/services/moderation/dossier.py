"""What a moderator should know beside the words of an idea: who wrote it and what else they wrote."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, db

from ...models import Idea, IdeaAuthor
from ...rules.ideas.states import IdeaState, Joining
from ..ideas.authors import Author, account_ids, authors_of

MOST = 20


def authors(idea: Idea) -> Sequence[Author]:
    """Return who stands for an idea, the first author first."""
    return authors_of([idea])[idea.id]


def earlier_ideas(idea: Idea) -> Sequence[Idea]:
    """Return what else its authors have handed in, in whatever edition, the newest first."""
    people = account_ids(idea)
    joined = select(IdeaAuthor.idea_id).where(
        IdeaAuthor.account_id.in_(people), IdeaAuthor.state == Joining.ACCEPTED
    )
    theirs = select(Idea).where(
        (Idea.author_id.in_(people)) | Idea.id.in_(joined),
        Idea.id != idea.id,
        Idea.state != IdeaState.DRAFT,
    )
    return db.session.scalars(theirs.order_by(Idea.submitted_at.desc(), Idea.id).limit(MOST)).all()


def target(idea: Idea) -> Idea | None:
    """Return the idea that this one became part of."""
    return db.session.get(Idea, idea.merged_into) if idea.merged_into is not None else None


def people(ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """Return the names of colleagues by their accounts; those who are gone have none."""
    known = {one for one in ids if one is not None}
    if not known:
        return {}
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(known)))
    return {row[0]: row[1] for row in found}
