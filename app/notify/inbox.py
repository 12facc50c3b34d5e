"""What a person has been told, as she reads it on the city's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, literal_column, select, update

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.reading import Query, rows
from app.notify import kinds, wording
from app.notify.models import Notification

PAGE = 20
MANY = 99
"""More unread things than this are not counted."""
_unread = (
    select(literal_column("1").label("one"))
    .select_from(Notification)
    .where(Notification.account_id == bindparam("account_id"), Notification.read_at.is_(None))
    .limit(MANY + 1)
    .subquery()
)
_UNREAD = Query(select(func.count().label("number")).select_from(_unread))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the inbox."""

    id: UUID
    title: str
    topic: str
    at: datetime
    unread: bool
    link: str


def unread(account_id: UUID) -> int:
    """Return how many things a person has not read, MANY + 1 for more than MANY."""
    return int(rows(_UNREAD(account_id=account_id))[0].number)


def page(account_id: UUID, *, before: UUID | None = None) -> tuple[list[Item], bool]:
    """Return what a person was told, the latest first, older than `before`; and whether there is more."""
    on = {kind.name: kind for kind in kinds.kinds_on()}
    mine = select(Notification).where(Notification.account_id == account_id, Notification.kind.in_(on))
    if before is not None and (last := db.session.get(Notification, before)):
        place = (last.created_at, last.id)
        mine = mine.where(func.row(Notification.created_at, Notification.id) < func.row(*place))
    newest = mine.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(PAGE + 1)
    found = db.session.scalars(newest).all()
    return _items(found[:PAGE], on), len(found) > PAGE


def _items(found: Sequence[Notification], on: dict[str, kinds.Kind]) -> list[Item]:
    frame = wording.frame()
    return [
        Item(
            each.id,
            wording.title_of(on[each.kind], each.words, frame),
            kinds.said(kinds.topic_of(on[each.kind]).label),
            each.created_at,
            each.read_at is None,
            each.link,
        )
        for each in found
    ]


def open_one(account_id: UUID, notification_id: UUID) -> str:
    """Note that a person has read something and return its path; raises NotFound for what is not hers."""
    found = db.session.get(Notification, notification_id)
    if found is None or found.account_id != account_id:
        raise NotFound(_("This message is no longer here."))
    found.read_at = found.read_at or now()
    return found.link


def read_all(account_id: UUID) -> None:
    """Note that a person has read everything."""
    unseen = update(Notification).where(Notification.account_id == account_id, Notification.read_at.is_(None))
    db.session.execute(unseen.values(read_at=now()))
