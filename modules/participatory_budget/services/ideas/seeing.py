"""Who sees an idea: everybody once it is published, its authors and staff before."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select

from app.sdk import Account, Conflict, NotFound, _, current_account, db, may

from ...models import Edition, Idea, IdeaAuthor
from ...rules.ideas.rules import Publication
from ...rules.ideas.states import IdeaState, Joining
from ...rules.schedule import Part
from .rules_of import is_on, rules_of

HIGHEST = 2_000_000_000
CHANGEABLE = (IdeaState.DRAFT, IdeaState.WAITING, IdeaState.PUBLISHED)


def by_number(edition: Edition, number: int) -> Idea:
    """Return an idea that the reader may see; raises NotFound."""
    asked = select(Idea).where(Idea.edition_id == edition.id, Idea.number == number)
    found = db.session.scalar(asked) if number <= HIGHEST else None
    if found is None or not may_see(edition, found):
        raise _none()
    return found


def may_see(edition: Edition, idea: Idea) -> bool:
    """Tell whether the reader sees an idea."""
    if idea.state.is_public and rules_of(edition).publication is not Publication.NONE:
        return True
    return may("participatory_budget.view") or is_mine(idea)


def is_mine(idea: Idea) -> bool:
    """Tell whether the reader is one of an idea's authors."""
    account = current_account()
    return account is not None and is_author(idea, account.id)


def is_author(idea: Idea, account_id: UUID) -> bool:
    """Tell whether somebody is one of an idea's authors."""
    if idea.author_id == account_id:
        return True
    joined = exists().where(
        IdeaAuthor.idea_id == idea.id,
        IdeaAuthor.account_id == account_id,
        IdeaAuthor.state == Joining.ACCEPTED,
    )
    return bool(db.session.scalar(select(joined)))


def owned(idea_id: UUID, account: Account, *, lock: bool = False) -> Idea:
    """Return an idea of which somebody is an author, locked when asked; raises NotFound for others' ideas."""
    found = locked(idea_id) if lock else db.session.get(Idea, idea_id)
    if found is None or not is_author(found, account.id):
        raise _none()
    return found


def locked(idea_id: UUID) -> Idea:
    """Return an idea that nobody else changes until the transaction ends; raises NotFound."""
    found = db.session.get(Idea, idea_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise _none()
    return found


def may_change(edition: Edition, idea: Idea) -> bool:
    """Tell whether authors can change or withdraw an idea now: as long as ideas are taken or brought together."""
    open_now = is_on(edition, Part.IDEAS) or is_on(edition, Part.CO_CONSTRUCTION)
    return idea.state is IdeaState.DRAFT or (idea.state in CHANGEABLE and open_now)


def must_be_changeable(edition: Edition, idea: Idea) -> None:
    """Raise Conflict unless authors can change an idea now."""
    if not may_change(edition, idea):
        raise Conflict(_("This idea can no longer be changed by its authors."))


def mine(edition: Edition, account_id: UUID, most: int = 100) -> Sequence[Idea]:
    """Return the ideas and drafts of which somebody is an author, the newest first."""
    joined = select(IdeaAuthor.idea_id).where(
        IdeaAuthor.account_id == account_id, IdeaAuthor.state == Joining.ACCEPTED
    )
    theirs = select(Idea).where(
        Idea.edition_id == edition.id, (Idea.author_id == account_id) | Idea.id.in_(joined)
    )
    return db.session.scalars(theirs.order_by(Idea.created_at.desc(), Idea.id).limit(most)).all()


def _none() -> NotFound:
    return NotFound(_("There is no such idea."))
