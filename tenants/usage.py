"""What cities do, counted: in the process, every two seconds in Redis, every minute in the table.

No request writes to PostgreSQL for it, and none waits for Redis. A process that is killed takes two seconds of counts
with it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from flask import Flask, current_app
from redis import Redis
from sqlalchemy import delete, select, text

from app.core import redis
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.gathering import Gathering
from app.core.jobs import task
from tenants.models import Usage

REQUESTS, ERRORS, MAILS = KINDS = ("requests", "errors", "mails")
KEPT = timedelta(days=400)
_DAYS, _DRAINED, _TOTAL, _MINUTE = "use", "use-drained", "use-total", "use-minute:"
_ADD = text(
    """
INSERT INTO platform.usage AS u (city_id, day, requests, errors, mails)
SELECT n.city_id, n.day, n.requests, n.errors, n.mails
FROM unnest(CAST(:cities AS text[]), CAST(:days AS date[]), CAST(:requests AS bigint[]), CAST(:errors AS bigint[]),
            CAST(:mails AS bigint[])) AS n (city_id, day, requests, errors, mails)
JOIN platform.city c ON c.id = n.city_id
ON CONFLICT (city_id, day) DO UPDATE
SET requests = u.requests + excluded.requests, errors = u.errors + excluded.errors, mails = u.mails + excluded.mails
"""
)


class Counted(NamedTuple):
    """What is counted: a kind of thing that a city does, in a day or in a minute."""

    period: str
    city_id: str
    kind: str


class Counts:
    """What this process has counted of its cities, and what Redis said of the present minute."""

    def __init__(self, client: Redis, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._known: dict[str, int] = {}
        self._minute = ""
        self.gathered = Gathering(self._tell)

    def add(self, city_id: str, kind: str, number: int) -> int:
        """Count, and return how many requests the city has made in this minute as far as is known here."""
        moment = now()
        minute = moment.strftime("%Y%m%d%H%M")
        if minute != self._minute:
            self._minute, self._known = minute, {}
        amounts = [(Counted(moment.date().isoformat(), city_id, kind), number)]
        in_minute = Counted(minute, city_id, _MINUTE)
        if kind == REQUESTS:
            amounts.append((in_minute, number))
        self.gathered.add(amounts)
        return self._known.get(city_id, 0) + int(self.gathered.waiting(in_minute))

    def _tell(self, pending: Mapping[Counted, float]) -> None:
        line = self._client.pipeline(transaction=False)
        minutes = [counted for counted in pending if counted.kind == _MINUTE]
        for counted in minutes:
            line.hincrby(self._prefix + _MINUTE + counted.period, counted.city_id, int(pending[counted]))
        for minute in {counted.period for counted in minutes}:
            line.expire(self._prefix + _MINUTE + minute, 120)
        for counted, number in pending.items():
            if counted.kind != _MINUTE:
                line.hincrby(self._prefix + _DAYS, " ".join(counted), int(number))
                line.hincrby(self._prefix + _TOTAL, counted.kind, int(number))
        answers = line.execute()
        known = zip(minutes, answers, strict=False)
        self._known.update({one.city_id: int(said) for one, said in known if one.period == self._minute})


def install(app: Flask) -> None:
    """Give the application its counts."""
    app.extensions["parvis_counts"] = Counts(*app.extensions["parvis_redis"])


def count(city_id: str, kind: str, number: int = 1) -> int:
    """Count `kind` for a city; returns how many requests it has made in this minute as far as this process knows."""
    counts: Counts = current_app.extensions["parvis_counts"]
    return counts.add(city_id, kind, number)


def flush() -> None:
    """Tell Redis at once what this process has counted."""
    counts: Counts = current_app.extensions["parvis_counts"]
    counts.gathered.flush()


def this_minute(city_id: str) -> int:
    """Return how many requests the city has made in this minute, up to the last two seconds."""
    try:
        found = redis.client().hget(redis.key(_MINUTE + now().strftime("%Y%m%d%H%M")), city_id)
    except redis.RedisError:
        return 0
    return int(found or 0)


def totals() -> dict[str, int]:
    """Return what all cities together did since Redis last lost what it held."""
    found = redis.client().hgetall(redis.key(_TOTAL))
    return {kind: int(found.get(kind, 0)) for kind in KINDS}


def of_city(city_id: str, days: int = 30) -> Sequence[Usage]:
    """Return what a city did on each of the last days on which it did something, the newest first."""
    since = now().date() - timedelta(days=days - 1)
    found = select(Usage).where(Usage.city_id == city_id, Usage.day >= since).order_by(Usage.day.desc())
    return db.session.scalars(found).all()


def on(day: date, *, most: int | None = None) -> Sequence[Usage]:
    """Return what each city did on one day, the busiest first, `most` of them."""
    found = select(Usage).where(Usage.day == day).order_by(Usage.requests.desc(), Usage.city_id).limit(most)
    return db.session.scalars(found).all()


def today(city_id: str) -> Usage:
    """Return what a city did today, up to the last minute or so."""
    day = now().date()
    return db.session.get(Usage, (city_id, day)) or Usage(
        city_id=city_id, day=day, requests=0, errors=0, mails=0
    )


@task("platform.keep_use", every=timedelta(minutes=1), of_platform=True)
def keep() -> None:
    """Move what Redis has counted into the table; what a killed worker had begun to move is moved first."""
    bound = {"bind": db.engines["platform"]}
    alone = text("SELECT pg_try_advisory_xact_lock(hashtextextended('keep use', 0))")
    if not db.session.scalar(alone, bind_arguments=bound):
        return
    client, drained = redis.client(), redis.key(_DRAINED)
    if not client.exists(drained):
        if not client.exists(redis.key(_DAYS)):
            return
        client.rename(redis.key(_DAYS), drained)
    db.session.execute(_ADD, _columns(client.hgetall(drained)), bind_arguments=bound)
    end_transaction(keep=True)
    client.delete(drained)


@task("platform.forget_use", every=timedelta(days=1), of_platform=True)
def forget() -> None:
    """Delete what cities did more than a year ago."""
    db.session.execute(delete(Usage).where(Usage.day < now().date() - KEPT))


def _columns(counted: Mapping[bytes | str, bytes | str]) -> dict[str, list[str] | list[int]]:
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for name, number in counted.items():
        day, city_id, kind = str(name).split(" ")
        rows.setdefault((day, city_id), {})[kind] = int(number)
    columns: dict[str, list[str] | list[int]] = {
        kind: [row.get(kind, 0) for row in rows.values()] for kind in KINDS
    }
    return {**columns, "days": [day for day, _ in rows], "cities": [city for _, city in rows]}
