"""Telling people: rows in the transaction of the cause, once for each person, kind and cause."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.core.clock import now, zone
from app.core.db import db
from app.core.ids import new_id
from app.core.jobs import Lane, enqueue, task
from app.notify import audiences, channels, kinds
from app.notify.audiences import Audience
from app.notify.models import Notification, Value
from app.notify.rules import next_daily, next_weekly

MOST_AT_ONCE = 200
PART = 500
_TELL = text(
    """
WITH told AS (
    INSERT INTO notification (id, account_id, kind, cause, link, words, created_at)
    SELECT given.id, a.id, :kind, :cause, :link, CAST(:words AS jsonb), :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:whose AS uuid[])) AS given (id, whose)
    JOIN account a ON a.id = given.whose WHERE a.confirmed_at IS NOT NULL
    ON CONFLICT (account_id, kind, cause) DO NOTHING
    RETURNING id, account_id),
wanted AS (
    SELECT told.id, told.account_id, way.name, CASE WHEN :required AND way.name = 'mail' THEN 'at_once'
        ELSE coalesce(c.topics #>> ARRAY[CAST(:topic AS text), way.name], way.usual) END AS rhythm
    FROM told LEFT JOIN notification_choice c ON c.account_id = told.account_id
    CROSS JOIN unnest(CAST(:ways AS text[]), CAST(:usual AS text[])) AS way (name, usual))
INSERT INTO notification_delivery
    (id, account_id, notification_id, kind, channel, state, bulk, counted, tries, due_at, created_at, reason)
SELECT gen_random_uuid(), account_id, id, :kind, name, CASE rhythm WHEN 'at_once' THEN 'waiting' ELSE 'gathered' END,
    :bulk, false, 0, CASE rhythm WHEN 'daily' THEN :daily WHEN 'weekly' THEN :weekly ELSE CAST(:now AS timestamptz) END,
    :now, ''
FROM wanted WHERE rhythm <> 'off'
RETURNING state
"""
)


def notify(
    kind: str,
    to: UUID | Iterable[UUID] | Audience,
    cause: str,
    *,
    link: str = "",
    **words: object,
) -> None:
    """Tell people something once the transaction has committed, through the channels that they chose.

    `to` is an account, up to 200 accounts, or an `audience` of any size. `cause` is a key of what happened: who was told
    of it hears nothing when it is told again. `link` is the path of the thing. The words are for the templates
    `notify/<module>/<kind>.txt` and `.html`: words, numbers, ids and texts in several languages, never secrets.
    """
    declared = kinds.kind_of(kind)
    kept = {name: _kept(name, value) for name, value in words.items()}
    if link and not link.startswith("/"):
        raise ValueError(f"{kind}: a link is a path in the city, like /news/")
    if isinstance(to, Audience):
        _announce(kind, to, cause, link, kept)
        return
    ids = [to] if isinstance(to, UUID) else list(to)
    if len(ids) > MOST_AT_ONCE:
        raise ValueError(f"{kind}: more than {MOST_AT_ONCE} people are an audience")
    if ids and _tell(declared, ids, cause, link, kept, bulk=False):
        enqueue("notify.send")


def _announce(kind: str, to: Audience, cause: str, link: str, words: dict[str, Value]) -> None:
    if not audiences.is_known(to):
        raise LookupError(f"nobody declared the audience {to.name}")
    row = {
        "id": new_id(),
        "kind": kind,
        "cause": cause,
        "link": link,
        "words": words,
        "created_at": now(),
        "audience": {"name": to.name, "values": dict(to.values)},
    }
    found = db.session.scalar(
        insert(Notification).values(row).on_conflict_do_nothing().returning(Notification.id)
    )
    if found is not None:
        enqueue("notify.fan_out", notification_id=str(found))


@task("notify.fan_out", lane=Lane.BULK)
def fan_out(notification_id: str) -> None:
    """Tell the next part of an audience, and ask for the part after it."""
    found = db.session.get(Notification, UUID(notification_id), with_for_update=True)
    if found is None or found.audience is None:
        return
    told = dict(found.audience)
    kind = kinds.kind_of(found.kind)
    values = told["values"]
    if told.get("done") or not kinds.is_on(kind) or not isinstance(values, dict):
        return
    after = told.get("after")
    those = Audience(str(told["name"]), values)
    ids = list(audiences.part_of(those, UUID(str(after)) if after else None, PART))
    if ids and _tell(kind, ids, found.cause, found.link, found.words, bulk=True):
        enqueue("notify.send_bulk")
    if len(ids) == PART:
        enqueue("notify.fan_out", notification_id=notification_id)
        found.audience = {**told, "after": str(ids[-1])}
    else:
        found.audience = {**told, "done": True}


def _tell(
    kind: kinds.Kind, whose: list[UUID], cause: str, link: str, words: dict[str, Value], *, bulk: bool
) -> bool:
    """Write what these people are told; returns whether something is to leave at once."""
    moment, topic, ways = now(), kinds.topic_of(kind), channels.offered()
    daily, weekly = digests_after(moment)
    states = db.session.scalars(
        _TELL,
        {
            "kind": kind.name,
            "cause": cause,
            "link": link,
            "words": json.dumps(words),
            "now": moment,
            "ids": [new_id() for _each in whose],
            "whose": whose,
            "required": kind.required,
            "topic": topic.name,
            "ways": [way.name for way in ways],
            "usual": [kinds.usual(topic, way.name).value for way in ways],
            "bulk": bulk,
            "daily": daily,
            "weekly": weekly,
        },
    ).all()
    return "waiting" in states


def digests_after(moment: datetime) -> tuple[datetime, datetime]:
    """Return when the next daily and the next weekly digest of the city are made."""
    return next_daily(moment, zone()), next_weekly(moment, zone())


def _kept(name: str, value: object) -> Value:
    """Return a word of a message as its row keeps it; raises TypeError for what is no word."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(language): str(words) for language, words in value.items()}
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{name} is no word, number, id or text in several languages")
