"""Taking work out of the outbox: cities take turns, however much one of them has waiting.

The outbox is stepped through by its index from one city that has work to the next, so what that costs depends on how
many cities are served, not on how many rows wait. Rows of cities that are not live stay where they are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text

from app.core.clock import now
from app.core.db import db
from app.core.turns import take_turns

MOST_WOKEN = 1000
_WAKE = text(
    """
WITH woken AS (
    UPDATE shared.outbox SET ready = true WHERE id IN (
        SELECT id FROM shared.outbox WHERE NOT ready AND due_at <= :now
        ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING lane)
SELECT lane, (SELECT count(*) FROM woken) AS woken
FROM unnest(CAST(:lanes AS text[])) AS lane
WHERE lane IN (SELECT lane FROM woken) OR EXISTS (SELECT FROM shared.outbox o WHERE o.ready AND o.lane = lane.lane)
"""
)
_WAITING = text(
    """
WITH RECURSIVE
ahead(city) AS (
    (SELECT city FROM shared.outbox WHERE ready AND lane = :lane AND city > :after ORDER BY city LIMIT 1)
    UNION ALL
    SELECT (SELECT city FROM shared.outbox WHERE ready AND lane = :lane AND city > ahead.city ORDER BY city LIMIT 1)
    FROM ahead WHERE ahead.city IS NOT NULL),
behind(city) AS (
    (SELECT city FROM shared.outbox WHERE ready AND lane = :lane AND city > '' ORDER BY city LIMIT 1)
    UNION ALL
    SELECT (SELECT city FROM shared.outbox WHERE ready AND lane = :lane AND city > behind.city ORDER BY city LIMIT 1)
    FROM behind WHERE behind.city < :after),
found(city) AS (SELECT city FROM ahead UNION ALL SELECT city FROM behind WHERE city <= :after),
turn AS MATERIALIZED (
    SELECT city, row_number() OVER () AS place FROM (
        SELECT city FROM found
        WHERE (SELECT state FROM platform.city c WHERE c.id = substr(found.city, 3)) = 'live' LIMIT :room) live)
(SELECT 0 AS place, '' AS city, id FROM shared.outbox
    WHERE ready AND lane = :lane AND city IS NULL ORDER BY id LIMIT :room)
UNION ALL
SELECT turn.place, turn.city, o.id FROM turn CROSS JOIN LATERAL (
    SELECT id FROM shared.outbox WHERE ready AND lane = :lane AND city = turn.city
    ORDER BY id LIMIT (SELECT :room / count(*) + 1 FROM turn)) o
ORDER BY 1, 3
"""
)
_TAKE = text(
    "DELETE FROM shared.outbox WHERE id IN (SELECT id FROM shared.outbox WHERE id = ANY(:ids)"
    " FOR UPDATE SKIP LOCKED) RETURNING id, city, task, ids"
)
_OLDEST = text(
    "SELECT min(due_at) FROM (SELECT due_at FROM shared.outbox o WHERE due_at <= :now AND (city IS NULL OR EXISTS"
    " (SELECT FROM platform.city c WHERE c.id = substr(o.city, 3) AND c.state = 'live')) ORDER BY due_at LIMIT 1) d"
)


class Row(NamedTuple):
    """One piece of work that was taken out of the outbox."""

    id: int
    city: str | None
    task: str
    ids: dict[str, str | int]


def wake(lanes: Sequence[str]) -> tuple[list[str], bool]:
    """Put into their lanes some of what had to wait for a time that has come.

    Returns which of the lanes hold work now, and whether there may be more to put.
    """
    found = _ask(_WAKE, now=now(), most=MOST_WOKEN, lanes=list(lanes))
    return [row.lane for row in found], any(row.woken == MOST_WOKEN for row in found)


def take(lane: str, room: int, *, after: str = "") -> list[Row]:
    """Take up to `room` rows of a lane, in turns that begin with the city that comes after `after`.

    Rows are locked until the transaction ends; locked ones are skipped.
    """
    rows: list[Row] = []
    while len(rows) < room:
        left = room - len(rows)
        waiting: dict[str, list[int]] = {}
        for _place, city, ident in _ask(_WAITING, lane=lane, after=after, room=left):
            waiting.setdefault(city, []).append(ident)
        taken = _take(take_turns(waiting, left))
        rows += taken
        # Each city was asked for so many; who has fewer has no more.
        share = left // max(1, len(waiting))
        if not taken or all(len(ids) <= share for ids in waiting.values()):
            break
    return rows


def _take(turns: Sequence[tuple[str, int]]) -> list[Row]:
    order = {ident: place for place, (_city, ident) in enumerate(turns)}
    rows = [Row(*row) for row in _ask(_TAKE, ids=list(order))] if order else []
    return sorted(rows, key=lambda row: order[row.id])


def lag() -> timedelta:
    """Return for how long the oldest work that could be done now has waited."""
    moment = now()
    found: datetime | None = _ask(_OLDEST, now=moment)[0][0]
    return moment - found if found else timedelta()


def _ask(statement: TextClause, **values: object) -> Sequence[Any]:
    return db.session.execute(statement, values, bind_arguments={"bind": db.engines["platform"]}).all()
