"""What cities do, counted: in the process, every two seconds in Redis, every minute in the table.

No request writes to PostgreSQL for it, and none waits for Redis. A process that is killed takes two seconds of counts
with it.
"""

import os
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from flask import Flask, current_app
from redis import Redis
from sqlalchemy import delete, select, text

from app.core import redis
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.jobs import task
from tenants.models import Usage

FLUSH_SECONDS = 2.0
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


class Counts:
    """What this process has counted and Redis does not know yet, and what Redis said of the present minute."""

    def __init__(self, client: Redis, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._lock = threading.Lock()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._pid = os.getpid()
        self._pending: Counter[tuple[str, str, str]] = Counter()
        self._in_minute: Counter[str] = Counter()
        self._known: dict[str, int] = {}
        self._minute = ""
        self._timer: threading.Timer | None = None

    def add(self, city_id: str, kind: str, number: int) -> int:
        """Count, and return how many requests the city has made in this minute as far as is known here."""
        moment = now()
        with self._lock:
            if self._pid != os.getpid():
                # A forked process has its parent's counts, which the parent will tell, and no timer.
                self._begin_anew()
            self._turn_to(moment)
            self._pending[moment.date().isoformat(), city_id, kind] += number
            if kind == REQUESTS:
                self._in_minute[city_id] += number
            if self._timer is None:
                self._timer = threading.Timer(FLUSH_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()
            return self._known.get(city_id, 0) + self._in_minute[city_id]

    def flush(self) -> None:
        """Tell Redis; what it cannot be told now is told later."""
        with self._lock:
            pending, in_minute, minute = self._pending, self._in_minute, self._minute
            self._pending, self._in_minute, self._timer = Counter(), Counter(), None
        try:
            known = self._tell(pending, in_minute, minute)
        except redis.RedisError:
            with self._lock:
                self._pending += pending
                if self._minute == minute:
                    self._in_minute += in_minute
            return
        with self._lock:
            if self._minute == minute:
                self._known.update(known)

    def _turn_to(self, moment: datetime) -> None:
        minute = moment.strftime("%Y%m%d%H%M")
        if minute != self._minute:
            self._minute, self._in_minute, self._known = minute, Counter(), {}

    def _tell(
        self, pending: Counter[tuple[str, str, str]], in_minute: Counter[str], minute: str
    ) -> dict[str, int]:
        line = self._client.pipeline(transaction=False)
        key = self._prefix + _MINUTE + minute
        for city_id, number in in_minute.items():
            line.hincrby(key, city_id, number)
        line.expire(key, 120)
        for (day, city_id, kind), number in pending.items():
            line.hincrby(self._prefix + _DAYS, f"{day} {city_id} {kind}", number)
            line.hincrby(self._prefix + _TOTAL, kind, number)
        answers = line.execute()
        return dict(zip(in_minute, answers, strict=False))


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
    counts.flush()


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
