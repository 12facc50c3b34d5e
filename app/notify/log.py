"""What became of deliveries: for the person, and for staff who look after those that did not arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.core.audit import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.notify import channels, digests, kinds
from app.notify.models import Delivery
from app.notify.rules import State

PAGE = 25
STATES = {
    State.WAITING: _l("Waiting"),
    State.GATHERED: _l("Waits for the next summary"),
    State.IN_DIGEST: _l("In a summary that is being sent"),
    State.HANDED_OVER: _l("Handed over"),
    State.FAILED: _l("Did not work, is tried again"),
    State.DEAD: _l("Given up"),
    State.DROPPED: _l("Not sent"),
}
REASONS = {
    "refused": _l("The other side refused it."),
    "away": _l("The other side could not be reached."),
    "broken": _l("The message could not be written. Tell the people who run the platform."),
    "no_address": _l("There is no address to send it to."),
    "switched_off": _l("The person switched this off in the meantime."),
    "channel_off": _l("The city no longer has this channel."),
    "module_off": _l("The module is switched off."),
    "empty": _l("Nothing was left to send."),
    "by_hand": _l("Staff decided not to send it."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery, without what it says."""

    id: UUID
    account_id: UUID
    at: datetime
    kind: str
    channel: str
    state: State
    state_words: str
    reason: str
    said: str
    """What the other side answered, in its own words."""
    tries: int


def of_person(account_id: UUID, *, before: UUID | None = None) -> tuple[list[Entry], bool]:
    """Return what was sent to a person, the latest first, older than `before`; and whether there is more."""
    mine = select(Delivery).where(Delivery.account_id == account_id)
    if before is not None and (last := db.session.get(Delivery, before)):
        mine = mine.where(func.row(Delivery.created_at, Delivery.id) < func.row(last.created_at, last.id))
    newest = mine.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(PAGE + 1)
    found = db.session.scalars(newest).all()
    return [_entry(each) for each in found[:PAGE]], len(found) > PAGE


def dead() -> Sequence[Entry]:
    """Return what was given up, the latest first, one page of it."""
    given_up = select(Delivery).where(Delivery.state == State.DEAD)
    return [
        _entry(each) for each in db.session.scalars(given_up.order_by(Delivery.done_at.desc()).limit(PAGE))
    ]


def number_dead() -> int:
    """Return how many deliveries were given up and nobody has looked after."""
    counted = select(func.count()).select_from(Delivery)
    return db.session.scalar(counted.where(Delivery.state == State.DEAD)) or 0


def resend(delivery_id: UUID) -> None:
    """Try a delivery again that was given up; raises Conflict when it is not."""
    found = _dead_one(delivery_id)
    found.state, found.due_at, found.done_at = State.WAITING, now(), None
    found.tries, found.bulk, found.reason = 0, False, ""
    audit("people.delivery_resent", subject=f"delivery:{found.id}", kind=found.kind, channel=found.channel)
    enqueue("notify.send")


def drop(delivery_id: UUID) -> None:
    """Let go of a delivery that was given up; raises Conflict when it is not."""
    found = _dead_one(delivery_id)
    found.state, found.done_at = State.DROPPED, now()
    found.reason = f"by_hand: {found.reason}"[:300]
    audit("people.delivery_dropped", subject=f"delivery:{found.id}", kind=found.kind, channel=found.channel)


def _dead_one(delivery_id: UUID) -> Delivery:
    found = db.session.get(Delivery, delivery_id, with_for_update=True)
    if found is None:
        raise NotFound(_("There is no such delivery."))
    if found.state is not State.DEAD:
        raise Conflict(_("Somebody has already looked after this delivery."))
    return found


def _entry(found: Delivery) -> Entry:
    code, _colon, said = found.reason.partition(": ")
    channel = channels.channel_of(found.channel)
    return Entry(
        found.id,
        found.account_id,
        found.done_at or found.created_at,
        _label(found),
        str(channel.label) if channel else found.channel,
        found.state,
        str(STATES[found.state]),
        str(REASONS.get(code.rstrip(":"), "")),
        said,
        found.tries,
    )


def _label(found: Delivery) -> str:
    if found.notification_id is None:
        return str(digests.KIND.label)
    try:
        return kinds.said(kinds.kind_of(found.kind).label)
    except LookupError:
        return found.kind
