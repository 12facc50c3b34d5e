"""Who stands for an idea: its first author and those who joined; invitations, answers, leaving."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from app.sdk import (
    Account,
    Conflict,
    Invalid,
    NotFound,
    _,
    db,
    language,
    new_secret,
    now,
    secret_hash,
    send_mail,
)

from ...models import Edition, Idea, IdeaAuthor
from ...rules.ideas.states import Happening, IdeaState, Joining
from . import history
from .rules_of import rules_of
from .seeing import is_author, locked

LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who stands for an idea; an empty name is that of an account that is gone."""

    name: str
    account_id: UUID | None


def authors_of(ideas: Iterable[Idea]) -> dict[UUID, list[Author]]:
    """Return the authors of ideas by their ids, the first one first, in one query."""
    known = list(ideas)
    found = {idea.id: [Author(idea.author_name, idea.author_id)] for idea in known}
    joined = select(IdeaAuthor).where(
        IdeaAuthor.idea_id.in_(list(found)), IdeaAuthor.state == Joining.ACCEPTED
    )
    for one in db.session.scalars(joined.order_by(IdeaAuthor.answered_at, IdeaAuthor.id)):
        found[one.idea_id].append(Author(one.name, one.account_id))
    return found


def account_ids(idea: Idea) -> list[UUID]:
    """Return the accounts of an idea's authors."""
    return [one.account_id for one in authors_of([idea])[idea.id] if one.account_id is not None]


def invitations(idea: Idea) -> Sequence[IdeaAuthor]:
    """Return whom the authors have invited and who has not answered."""
    open_ones = select(IdeaAuthor).where(IdeaAuthor.idea_id == idea.id, IdeaAuthor.state == Joining.INVITED)
    return db.session.scalars(open_ones.order_by(IdeaAuthor.invited_at).limit(50)).all()


def invite(edition: Edition, idea_id: UUID, by: Account, email: str) -> IdeaAuthor:
    """Invite somebody by mail to stand for an idea; raises Invalid or Conflict.

    Nothing says whether the address has an account. Whoever is invited again gets a new link.
    """
    idea, address = locked(idea_id), email.strip().lower()
    if idea.state not in (IdeaState.DRAFT, IdeaState.WAITING, IdeaState.PUBLISHED):
        raise Conflict(_("Nobody can join this idea any more."))
    name, at, host = address.partition("@")
    if not (name and at and "." in host) or " " in address or len(address) > LONGEST_ADDRESS:
        raise Invalid(_("Type an e-mail address, for example anna@example.org."))
    if address == by.email.lower():
        raise Invalid(_("This is your own address."))
    row = db.session.scalar(
        select(IdeaAuthor).where(IdeaAuthor.idea_id == idea.id, IdeaAuthor.email == address)
    )
    if row is None:
        _must_have_room(edition, idea)
        row = IdeaAuthor(idea_id=idea.id, email=address, invited_at=now())
        db.session.add(row)
    secret = new_secret()
    row.token, row.invited_at = secret_hash(secret), now()
    db.session.flush()
    send_mail(
        "participatory_budget_invitation",
        address,
        language(),
        edition=edition,
        idea=idea.title,
        inviter=by.name,
        secret=secret,
    )
    return row


def invited(edition: Edition, secret: str, *, lock: bool = False) -> tuple[Idea, IdeaAuthor]:
    """Return the invitation behind the link of a mail, with its idea; raises NotFound once it was answered."""
    row = db.session.scalar(select(IdeaAuthor).where(IdeaAuthor.token == secret_hash(secret)))
    idea = None
    if row is not None:
        idea = locked(row.idea_id) if lock else db.session.get(Idea, row.idea_id)
    if row is None or idea is None or idea.edition_id != edition.id:
        raise NotFound(_("This invitation has been answered or taken back."))
    if lock:
        db.session.refresh(row)
        if row.state is not Joining.INVITED:
            raise NotFound(_("This invitation has been answered or taken back."))
    return idea, row


def accept(edition: Edition, secret: str, account: Account) -> Idea:
    """Let somebody who was invited stand for an idea from now on."""
    idea, row = invited(edition, secret, lock=True)
    if is_author(idea, account.id):
        db.session.delete(row)
        return idea
    row.state, row.account_id, row.name = Joining.ACCEPTED, account.id, account.name
    row.email, row.token, row.answered_at = None, None, now()
    if idea.state is not IdeaState.DRAFT:
        history.note(idea, Happening.AUTHOR_JOINED)
    return idea


def decline(edition: Edition, secret: str) -> Idea:
    """Forget an invitation, with the address it went to."""
    idea, row = invited(edition, secret, lock=True)
    db.session.delete(row)
    return idea


def take_back(idea_id: UUID, invitation_id: UUID) -> None:
    """Forget an invitation that nobody has answered."""
    db.session.execute(
        delete(IdeaAuthor).where(
            IdeaAuthor.id == invitation_id,
            IdeaAuthor.idea_id == idea_id,
            IdeaAuthor.state == Joining.INVITED,
        )
    )


def leave(idea_id: UUID, account_id: UUID) -> Idea:
    """Let one of several authors leave; the idea stays with the others. Raises Conflict for the only one."""
    idea = locked(idea_id)
    if not is_author(idea, account_id):
        raise NotFound(_("There is no such idea."))
    if idea.author_id == account_id and not _promote(idea):
        raise Conflict(_("You are its only author. Withdraw the idea instead."))
    db.session.execute(
        delete(IdeaAuthor).where(IdeaAuthor.idea_id == idea.id, IdeaAuthor.account_id == account_id)
    )
    if idea.state is not IdeaState.DRAFT:
        history.note(idea, Happening.AUTHOR_LEFT)
    return idea


def forget(account_id: UUID) -> None:
    """Take somebody off all ideas: the next author follows, else "A resident" stands there; invitations go."""
    for idea in db.session.scalars(select(Idea).where(Idea.author_id == account_id).with_for_update()):
        if not _promote(idea):
            idea.author_id, idea.author_name = None, ""
    db.session.execute(delete(IdeaAuthor).where(IdeaAuthor.account_id == account_id))


def _promote(idea: Idea) -> bool:
    """Let the author who joined first stand in the first one's place; returns whether there is one."""
    joined = select(IdeaAuthor).where(
        IdeaAuthor.idea_id == idea.id,
        IdeaAuthor.state == Joining.ACCEPTED,
        IdeaAuthor.account_id.is_not(None),
    )
    heir = db.session.scalar(joined.order_by(IdeaAuthor.answered_at, IdeaAuthor.id).limit(1))
    if heir is None:
        return False
    idea.author_id, idea.author_name = heir.account_id, heir.name
    db.session.delete(heir)
    db.session.flush()
    return True


def _must_have_room(edition: Edition, idea: Idea) -> None:
    asked = select(func.count()).select_from(IdeaAuthor).where(IdeaAuthor.idea_id == idea.id)
    most = rules_of(edition).most_authors
    if (db.session.scalar(asked) or 0) + 1 >= most:
        raise Conflict(_("An idea has at most %(most)s authors, those invited included.", most=most))
