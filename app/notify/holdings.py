"""What this part knows about people, for how long, and how it lets go of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, Delete, delete, exists, select
from sqlalchemy.orm import aliased

from app.core.db import db
from app.core.people import Basis, Holding, Record, holds
from app.notify import choices, following
from app.notify.models import Choice, Delivery, Follow, Notification
from app.notify.rules import State

SENT_KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=90)
READ_KEPT, UNREAD_KEPT = timedelta(days=180), timedelta(days=365)


def _told(account_id: UUID) -> Iterator[Record]:
    mine = select(Notification).where(Notification.account_id == account_id)
    for each in db.session.scalars(mine.order_by(Notification.created_at, Notification.id)):
        yield {
            "kind": each.kind,
            "told_at": each.created_at,
            "read_at": each.read_at,
            "about": each.link,
            "words": each.words,
        }


def _sent(account_id: UUID) -> Iterator[Record]:
    mine = select(Delivery).where(Delivery.account_id == account_id)
    for each in db.session.scalars(mine.order_by(Delivery.created_at, Delivery.id)):
        yield {
            "kind": each.kind,
            "channel": each.channel,
            "state": each.state.value,
            "written_at": each.created_at,
            "done_at": each.done_at,
            "reason": each.reason,
        }


def _chosen(account_id: UUID) -> Iterator[Record]:
    chosen = choices.of(account_id)
    if chosen != choices.Chosen():
        yield {
            "topics": chosen.topics,
            "quiet_from": chosen.quiet.begins,
            "quiet_until": chosen.quiet.ends,
            "districts": list(chosen.districts),
        }
    mine = select(Follow).where(Follow.account_id == account_id).order_by(Follow.created_at)
    followed = db.session.scalars(mine).all()
    known = following.things(each.subject for each in followed)
    for each in followed:
        thing = known.get(each.subject)
        yield {"follows": thing.title if thing else each.subject, "since": each.created_at}


def _forget_told(account_id: UUID) -> None:
    _gone(delete(Notification).where(Notification.account_id == account_id))


def _forget_sent(account_id: UUID) -> None:
    _gone(delete(Delivery).where(Delivery.account_id == account_id))


def _forget_chosen(account_id: UUID) -> None:
    _gone(delete(Choice).where(Choice.account_id == account_id))
    _gone(delete(Follow).where(Follow.account_id == account_id))


def retain_told(moment: datetime) -> int:
    """Remove what was read half a year ago, and what nobody has read for a year; returns how many things."""
    old = (Notification.read_at < moment - READ_KEPT) | (Notification.created_at < moment - UNREAD_KEPT)
    waiting = select(Delivery.notification_id).where(
        Delivery.state.in_((State.WAITING, State.FAILED, State.GATHERED, State.IN_DIGEST)),
        Delivery.notification_id.is_not(None),
    )
    return _gone(delete(Notification).where(old, Notification.id.not_in(waiting)))


def retain_sent(moment: datetime) -> int:
    """Remove what left or was let go 30 days ago, and what was given up 90 days ago; returns how many."""
    sent = _gone(
        delete(Delivery).where(
            Delivery.state.in_((State.HANDED_OVER, State.DROPPED)), Delivery.done_at < moment - SENT_KEPT
        )
    )
    dead = _gone(delete(Delivery).where(Delivery.state == State.DEAD, Delivery.done_at < moment - DEAD_KEPT))
    # What was put into a digest that never left goes with it.
    digest = aliased(Delivery)
    lost = Delivery.state == State.IN_DIGEST, ~exists().where(digest.id == Delivery.digest_id)
    return sent + dead + _gone(delete(Delivery).where(*lost))


def _gone(statement: Delete) -> int:
    result: CursorResult[Any] = db.session.execute(statement)  # type: ignore[assignment]
    return result.rowcount


holds(
    Holding(
        "platform.notifications",
        _l("Inbox"),
        _l("To show people what they were told."),
        Basis.PUBLIC_TASK,
        _l("Until half a year after it was read, at most a year"),
        _told,
        _forget_told,
        retain=retain_told,
        tables=("notification",),
    )
)
holds(
    Holding(
        "platform.deliveries",
        _l("Log of what was sent"),
        _l("To find out why something did not arrive, and to send nothing twice."),
        Basis.PUBLIC_TASK,
        _l("30 days; what could not be delivered 90 days"),
        _sent,
        _forget_sent,
        retain=retain_sent,
        tables=("notification_delivery",),
    )
)
holds(
    Holding(
        "platform.choices_of_notifications",
        _l("Choices about notifications, and what somebody follows"),
        _l("To tell people what they want to hear, by the channel and in the rhythm they chose."),
        Basis.CONSENT,
        _l("As long as the account"),
        _chosen,
        _forget_chosen,
        tables=("notification_choice", "follow"),
    )
)
