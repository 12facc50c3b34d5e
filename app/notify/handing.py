"""Handing one delivery over: whether it still leaves, in which words, and what became of it."""

import random
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from app.core import figures
from app.core.clock import now, zone
from app.core.context import current_city
from app.core.db import db, end_transaction
from app.notify import channels, digests, kinds, wording
from app.notify.channels import Channel, Hand, Recipient
from app.notify.kinds import Kind
from app.notify.models import Choice, Delivery, Notification
from app.notify.people import account
from app.notify.rules import Rhythm, State, next_try, quiet_until
from app.notify.unsubscribing import EVERYTHING, Stop, path_of
from app.services.refusals import Refused
from tenants import quotas, usage


@dataclass(slots=True)
class Run:
    """What several deliveries share: the open ways, the words already written, when to come back."""

    writer: wording.Writer = field(default_factory=wording.Writer)
    closed: set[str] = field(default_factory=set)
    """Ways that take nothing now."""
    again_at: set[datetime] = field(default_factory=set)
    _sessions: dict[str, tuple[AbstractContextManager[Hand], Hand]] = field(default_factory=dict)

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self._sessions):
            self.close(name)

    def hand(self, channel: Channel, delivery: channels.Delivery) -> None:
        """Hand it over through the way that is open; through a new one when that one has been closed meanwhile."""
        if channel.name in self._sessions:
            try:
                self._sessions[channel.name][1](delivery)
            except Refused:
                raise
            except OSError:
                # Servers end a connection after so many mails or so much time.
                self.close(channel.name)
            else:
                return
        self._open(channel)(delivery)

    def close(self, name: str) -> None:
        """Close a way; what it says on leaving is nobody's concern."""
        session, _hand = self._sessions.pop(name)
        with suppress(OSError):
            session.__exit__(None, None, None)

    def _open(self, channel: Channel) -> Hand:
        session = channel.session()
        hand = session.__enter__()
        self._sessions[channel.name] = session, hand
        return hand


@dataclass(frozen=True, slots=True)
class Found:
    """A delivery that is locked, with what belongs to it."""

    delivery: Delivery
    notification: Notification | None
    choice: Choice | None
    recipient: Recipient

    @property
    def topics(self) -> dict[str, dict[str, str]]:
        """Return what the person chose."""
        return self.choice.topics if self.choice else {}


def hand_over(delivery_id: UUID, run: Run) -> None:
    """Hand one delivery over unless somebody else is at it or has done it; whoever calls commits."""
    found = _lock(delivery_id)
    if found is None or found.delivery.channel in run.closed:
        return
    try:
        _leave(found, run)
    except Refused as error:
        _failed(found.delivery, "refused", str(error), run, for_good=error.for_good)
    except OSError as error:
        run.closed.add(found.delivery.channel)
        _failed(found.delivery, "away", str(error), run)
    except Exception:
        current_app.logger.exception("delivery %s of %s", delivery_id, current_city().id)
        end_transaction(keep=False)
        if again := _lock(delivery_id):
            _failed(again.delivery, "broken", "", run)


def _lock(delivery_id: UUID) -> Found | None:
    wanted = (
        select(
            Delivery, Notification, Choice, account.c.id, account.c.email, account.c.name, account.c.language
        )
        .join(account, account.c.id == Delivery.account_id)
        .outerjoin(Notification, Notification.id == Delivery.notification_id)
        .outerjoin(Choice, Choice.account_id == Delivery.account_id)
        .where(Delivery.id == delivery_id, Delivery.state.in_((State.WAITING, State.FAILED)))
        .where(Delivery.due_at <= now())
        .with_for_update(of=Delivery, skip_locked=True)
    )
    row = db.session.execute(wanted).one_or_none()
    return Found(row[0], row[1], row[2], Recipient(*row[3:])) if row else None


def _leave(found: Found, run: Run) -> None:
    delivery = found.delivery
    kind, channel = _kind(delivery), channels.channel_of(delivery.channel)
    if kind is None or not kinds.is_on(kind):
        return _dropped(delivery, "module_off")
    if channel is None or not channel.offered():
        return _dropped(delivery, "channel_off")
    digest = delivery.notification_id is None
    if not digest and kinds.rhythm_of(found.topics, kind, channel.name) is Rhythm.OFF:
        return _dropped(delivery, "switched_off")
    if not kind.required and _must_wait(found, run):
        return None
    address = channel.address(found.recipient)
    if not address:
        return _dropped(delivery, "no_address")
    stop = _stop_url(found, kind)
    page = _write_digest(found, stop, run) if digest else _write(found, kind, stop, run)
    if page is None:
        return _dropped(delivery, "empty")
    if _is_over_quota(delivery, run):
        return None
    run.hand(channel, _as_channel_sees_it(found, kind, address, page, stop))
    delivery.state, delivery.done_at, delivery.reason = State.HANDED_OVER, now(), ""
    figures.count("deliveries", channel=delivery.channel, outcome="handed_over")
    if digest:
        digests.handed_over(delivery.id, now())
    if channel.name == kinds.MAIL:
        usage.count(current_city().id, usage.MAILS)
    return None


def _kind(delivery: Delivery) -> Kind | None:
    if delivery.notification_id is None:
        return digests.KIND
    try:
        return kinds.kind_of(delivery.kind)
    except LookupError:
        return None


def _must_wait(found: Found, run: Run) -> bool:
    """Put off until the end of the person's quiet hours what can wait."""
    choice = found.choice
    ends = quiet_until(now(), zone(), choice.quiet_from, choice.quiet_until) if choice else None
    return ends is not None and _put_off(found.delivery, ends, run)


def _is_over_quota(delivery: Delivery, run: Run) -> bool:
    """Put off until another day what the city may not send today; each mail has its place in one day."""
    if delivery.counted or delivery.channel != kinds.MAIL:
        return False
    delivery.counted = True
    leaves_at = quotas.mail_day(current_city(), bulk=delivery.bulk)
    return leaves_at is not None and _put_off(delivery, leaves_at, run)


def _put_off(delivery: Delivery, moment: datetime, run: Run) -> bool:
    delivery.state, delivery.due_at = State.WAITING, moment
    run.again_at.add(moment)
    return True


def _write(found: Found, kind: Kind, stop: str, run: Run) -> wording.Page | None:
    notification = found.notification
    if notification is None:
        return None
    return run.writer.write(kind, notification.words, notification.link, found.recipient.language, stop)


def _write_digest(found: Found, stop: str, run: Run) -> wording.Page | None:
    items, delivery = digests.items(found.delivery.id), found.delivery
    if not items:
        return None
    with force_locale(found.recipient.language):
        parts = digests.parts(items, delivery.account_id, delivery.channel)
    words = {"parts": parts, "number": len(items)}
    return run.writer.write(digests.KIND, words, wording.INBOX, found.recipient.language, stop)


def _stop_url(found: Found, kind: Kind) -> str:
    if kind.required:
        return ""
    topic = EVERYTHING if kind is digests.KIND else kind.topic
    return wording.complete(path_of(Stop(found.delivery.account_id, topic, found.delivery.channel)))


def _as_channel_sees_it(
    found: Found, kind: Kind, address: str, page: wording.Page, stop: str
) -> channels.Delivery:
    return channels.Delivery(
        id=found.delivery.id,
        recipient=found.recipient,
        address=address,
        kind=kind.name,
        required=kind.required,
        title=page.title,
        text=lambda: page.text,
        html=lambda: page.html,
        link=wording.complete(found.notification.link if found.notification else wording.INBOX),
        unsubscribe_url=stop,
    )


def _dropped(delivery: Delivery, reason: str) -> None:
    delivery.state, delivery.done_at, delivery.reason = State.DROPPED, now(), reason
    figures.count("deliveries", channel=delivery.channel, outcome="dropped")


def _failed(delivery: Delivery, reason: str, said: str, run: Run, *, for_good: bool = False) -> None:
    """Try again later, ever more rarely, and leave it to staff in the end."""
    delivery.tries += 1
    figures.count("deliveries", channel=delivery.channel, outcome=reason)
    delivery.reason = f"{reason}: {' '.join(said.split())}"[:300] if said else reason
    again = None if for_good else next_try(delivery.tries, now(), random.random())
    if again is None:
        delivery.state, delivery.done_at = State.DEAD, now()
        return
    delivery.state, delivery.due_at = State.FAILED, again
    run.again_at.add(again)
