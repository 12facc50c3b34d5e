"""Digests: whatever was gathered for a person goes into exactly one, whenever a worker dies or she changes her mind.

An item knows from when on it is due, and which digest took it. There is no window in time that it could fall out of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text, update

from app.core.context import current_city
from app.core.db import db
from app.notify import kinds, wording
from app.notify.models import Delivery, Notification
from app.notify.rules import State
from app.notify.unsubscribing import Stop, path_of

MOST = 1000
KIND = kinds.Kind(wording.DIGEST, _l("Summary"), topic="")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_MAKE = text(
    """
WITH people AS (
    SELECT account_id, channel, gen_random_uuid() AS id FROM (
        SELECT DISTINCT account_id, channel FROM notification_delivery
        WHERE state = 'gathered' AND due_at <= :now ORDER BY account_id, channel LIMIT :most) due),
made AS (
    INSERT INTO notification_delivery
        (id, account_id, kind, channel, state, bulk, counted, tries, due_at, created_at, reason)
    SELECT id, account_id, :kind, channel, 'waiting', true, false, 0, :now, :now, '' FROM people)
UPDATE notification_delivery d SET state = 'in_digest', digest_id = people.id FROM people
WHERE d.account_id = people.account_id AND d.channel = people.channel AND d.state = 'gathered' AND d.due_at <= :now
RETURNING d.digest_id
"""
)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a digest."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a digest says about one topic."""

    topic: str
    lines: list[Line]
    stop_url: str


def make(moment: datetime) -> int:
    """Put what is due into one digest for each person and channel; returns how many digests that are."""
    db.session.execute(_ALONE, {"name": f"digests of {current_city().id}"})
    made: set[UUID] = set()
    while True:
        found = set(db.session.scalars(_MAKE, {"now": moment, "most": MOST, "kind": KIND.name}).all())
        made |= found
        if len(found) < MOST:
            return len(made)


def items(digest_id: UUID) -> Sequence[Notification]:
    """Return what is in a digest and comes from something that is on, in the order in which it happened."""
    found = select(Notification).join(Delivery, Delivery.notification_id == Notification.id)
    ordered = found.where(Delivery.digest_id == digest_id).order_by(Notification.created_at, Notification.id)
    on = {kind.name for kind in kinds.kinds_on()}
    return [item for item in db.session.scalars(ordered) if item.kind in on]


def parts(found: Sequence[Notification], account_id: UUID, channel: str) -> list[Part]:
    """Return the items by topic, in the language that is set now."""
    frame, grouped = wording.frame(), dict[str, list[Line]]()
    for item in found:
        kind = kinds.kind_of(item.kind)
        line = Line(wording.title_of(kind, item.words, frame), wording.complete(item.link))
        grouped.setdefault(kind.topic, []).append(line)
    shown = [each.topic for each in kinds.topics_on() if each.topic.name in grouped]
    return [
        Part(
            kinds.said(topic.label),
            grouped[topic.name],
            wording.complete(path_of(Stop(account_id, topic.name, channel))),
        )
        for topic in shown
    ]


def handed_over(digest_id: UUID, moment: datetime) -> None:
    """Write down that the items of a digest have left with it."""
    inside = update(Delivery).where(Delivery.digest_id == digest_id)
    db.session.execute(inside.values(state=State.HANDED_OVER, done_at=moment))
