"""Following: somebody wants to hear about one thing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.notify.models import Follow

MOST = 500


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be followed."""

    title: str
    link: str


Find = Callable[[Sequence[str]], Mapping[str, Thing]]
_finds: dict[str, Find] = {}


def followable(what: str) -> Callable[[Find], Find]:
    """Let people follow things: `@followable("budget:edition")` finds, by their ids, those that residents can see.

    The things' subjects are then `budget:edition:<id>`; the first part is the module.
    """

    def declare(find: Find) -> Find:
        _finds[what] = find
        return find

    return declare


def things(subjects: Iterable[str]) -> dict[str, Thing]:
    """Return what subjects stand for; without those whose module is off, and what residents cannot see."""
    asked: dict[str, list[str]] = {}
    for subject in subjects:
        what, _colon, ident = subject.rpartition(":")
        if what in _finds and what.partition(":")[0] in current_city().modules:
            asked.setdefault(what, []).append(ident)
    return {
        f"{what}:{ident}": found
        for what, idents in asked.items()
        for ident, found in _finds[what](idents).items()
    }


def thing(subject: str) -> Thing | None:
    """Return what a subject stands for; None when there is nothing that residents can see."""
    return things([subject]).get(subject)


def follow(account_id: UUID, subject: str) -> Thing:
    """Let somebody follow something; raises NotFound when there is no such thing."""
    found = thing(subject)
    if found is None:
        raise NotFound(_("There is nothing here that you could follow."))
    if _number(account_id) >= MOST:
        raise Conflict(_("You follow %(number)s things already. Stop following one first.", number=MOST))
    row = {"account_id": account_id, "subject": subject, "created_at": now()}
    db.session.execute(insert(Follow).values(row).on_conflict_do_nothing())
    return found


def unfollow(account_id: UUID, subject: str) -> None:
    """Let somebody no longer follow something."""
    db.session.execute(delete(Follow).where(Follow.account_id == account_id, Follow.subject == subject))


def move_followers(subject: str, to: str) -> None:
    """Let all who follow one thing follow another instead, each once."""
    share_followers(subject, to)
    db.session.execute(delete(Follow).where(Follow.subject == subject))


def share_followers(subject: str, to: str) -> None:
    """Let all who follow one thing follow another as well, each once."""
    theirs = select(Follow.account_id, literal(to), Follow.created_at).where(Follow.subject == subject)
    columns = ["account_id", "subject", "created_at"]
    db.session.execute(insert(Follow).from_select(columns, theirs).on_conflict_do_nothing())


def follows(account_id: UUID, subject: str) -> bool:
    """Tell whether somebody follows something."""
    return db.session.get(Follow, (subject, account_id)) is not None


def followed(account_id: UUID) -> list[tuple[str, Thing]]:
    """Return what somebody follows and can see, the latest first, with its subjects."""
    mine = select(Follow.subject).where(Follow.account_id == account_id)
    subjects = db.session.scalars(mine.order_by(Follow.created_at.desc()).limit(MOST)).all()
    found = things(subjects)
    return [(subject, found[subject]) for subject in subjects if subject in found]


def _number(account_id: UUID) -> int:
    return (
        db.session.scalar(select(func.count()).select_from(Follow).where(Follow.account_id == account_id))
        or 0
    )
