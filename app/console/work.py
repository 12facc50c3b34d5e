"""What waits at the town hall itself: invitations that have run out, messages for a second pair of eyes, lost deliveries."""

from collections.abc import Iterator
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, exists, false, func, select, true

from app.accounts.current import may
from app.accounts.messages.models import Message
from app.accounts.messages.rules import State as MessageState
from app.accounts.models import Account, AccountLink, Purpose
from app.core.clock import now
from app.core.db import db
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.notify.models import Delivery
from app.notify.rules import State as DeliveryState
from app.web.filters import picked
from app.web.work import WorkCount, WorkItem, work_queue


def _lapsed() -> Select[Account]:
    works = exists().where(
        AccountLink.account_id == Account.id,
        AccountLink.purpose.in_([Purpose.INVITE, Purpose.ARRIVE]),
        AccountLink.expires_at > now(),
    )
    return select(Account).where(Account.is_staff, Account.confirmed_at.is_(None), ~works)


def count_invitations(_account_id: UUID | None) -> WorkCount:
    """Return how many invitations have run out."""
    return WorkCount(unassigned=db.session.scalar(_lapsed().with_only_columns(func.count())) or 0)


@work_queue("invitations", _l("Invitations"), permission="console.staff", count=count_invitations)
def lapsed_invitations(_account_id: UUID | None, most: int) -> Iterator[WorkItem]:
    """Yield the people who have not come in and can no longer, the first one invited first."""
    for person in db.session.scalars(_lapsed().order_by(Account.created_at, Account.id).limit(most)):
        yield WorkItem(
            subject=str(person.id),
            title=_("Invite %(email)s again", email=person.email),
            url="/admin/staff/",
            status="waiting",
            since=person.created_at,
            note=_("The link of the invitation has run out."),
        )


def _waiting(account_id: UUID | None) -> ColumnElement[bool]:
    """Return which messages wait for somebody else than their writer."""
    return (Message.state == MessageState.WAITING) & Message.written_by.is_distinct_from(account_id)


def _lost() -> ColumnElement[bool]:
    return (Delivery.state == DeliveryState.DEAD) & true() if may("console.deliveries") else false()


def count_messages(account_id: UUID | None) -> WorkCount:
    """Return how many messages wait for another person, and whether deliveries were given up; in one question."""
    waiting = select(func.count()).select_from(Message).where(_waiting(account_id)).scalar_subquery()
    lost = select(func.count()).select_from(Delivery).where(_lost()).scalar_subquery()
    messages, deliveries = db.session.execute(select(waiting, lost)).one()
    return WorkCount(unassigned=messages + bool(deliveries))


@work_queue("messages", _l("Messages"), permission="console.messages", count=count_messages)
def messages_to_see_to(account_id: UUID | None, most: int) -> Iterator[WorkItem]:
    """Yield the messages that wait, the first one first, and the deliveries that were given up as one item."""
    waiting = select(Message).where(_waiting(account_id)).order_by(Message.created_at, Message.id)
    for message in db.session.scalars(waiting.limit(most)):
        yield WorkItem(
            subject=str(message.id),
            title=_("Look at the message: %(subject)s", subject=picked(message.subject)),
            url=f"/admin/messages/{message.id}",
            status="waiting",
            since=message.created_at,
            note=_("It goes to many people, so somebody other than its writer has to send it."),
        )
    number, since = db.session.execute(
        select(func.count(), func.min(Delivery.created_at)).where(_lost())
    ).one()
    if number:
        yield WorkItem(
            subject="deliveries",
            title=ngettext("%(num)d delivery was given up", "%(num)d deliveries were given up", number),
            url="/admin/deliveries",
            status="waiting",
            since=since,
        )
