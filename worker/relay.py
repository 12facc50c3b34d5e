"""Move work from the outbox to the broker, cities in turn and no more than the workers are about to do.

What lies in the broker is done in the order in which it came, so a newcomer waits for all of it; therefore little is
put there at a time. Several relays may run at once.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from celery import Celery
from flask import Flask, current_app

from app.core import jobs_due, redis
from app.core.db import end_transaction
from app.core.jobs import TASKS, Id, Lane, may_ask
from worker.nudge import nudge, nudge_is_heard
from worker.run import EACH

# Lanes that have more in the outbox than was let into the broker, and the city that had the last turn in each.
_MORE, _LAST = "relay-more", "relay-last"
# With fewer than `queue_length` / LOOK_EVERY processes one of them looks before the last task is taken.
LOOK_EVERY = 10
# So much of what takes many at once goes in one message.
MOST_TOGETHER = 50
Kwargs = dict[str, Any]
_finished = count()


def relay(app: Flask, celery: Celery) -> int:
    """Fill each lane in the broker and return how much was sent; a crash in between sends twice, never not at all."""
    with app.app_context():
        nudge_is_heard()
        holding, more = _wake()
        if empty := [lane.value for lane in Lane if lane not in holding]:
            redis.client().hdel(redis.key(_MORE), *empty)
        sent = sum(_fill(celery, lane) for lane in holding)
        if more:
            # A million mails may be due at midnight: what is for now goes in between.
            nudge()
        return sent


def after_task(app: Flask, number: int = 1) -> None:
    """Keep the work flowing; asked often enough to come before the broker is empty, and not by every task."""
    if number >= LOOK_EVERY or next(_finished) % LOOK_EVERY == 0:
        keep_flowing(app)


def keep_flowing(app: Flask) -> None:
    """Have the relay bring more when a lane that has more in the outbox is half empty in the broker."""
    with app.app_context():
        try:
            more = redis.client().hkeys(redis.key(_MORE))
            if any(_waiting(Lane(str(lane))) <= _most() // 2 for lane in more):
                nudge()
        except redis.RedisError:
            current_app.logger.warning("redis is away; the outbox waits for the next tick")


def _wake() -> tuple[list[Lane], bool]:
    kept = False
    try:
        holding, more = jobs_due.wake([*Lane])
        kept = True
    finally:
        end_transaction(keep=kept)
    return [Lane(lane) for lane in holding], more


def _fill(celery: Celery, lane: Lane) -> int:
    room = _most() - _waiting(lane)
    after = redis.client().hget(redis.key(_LAST), lane)
    last, sent = _send(celery, lane, room, str(after or ""))
    if sent:
        redis.client().hset(redis.key(_LAST), lane, last)
    if sent < room:
        redis.client().hdel(redis.key(_MORE), lane)
    else:
        redis.client().hset(redis.key(_MORE), lane, 1)
    return sent


def _send(celery: Celery, lane: Lane, room: int, after: str) -> tuple[str, int]:
    """Send what comes next; returns which city had the last turn, and how many were sent."""
    kept = False
    try:
        rows = jobs_due.take(lane, room, after=after)
        with celery.producer_pool.acquire(block=True) as producer:
            for schema, task, kwargs in _messages(rows):
                headers = {"city": schema}
                celery.send_task(task, kwargs=kwargs, headers=headers, queue=lane.queue, producer=producer)
        kept = True
    finally:
        end_transaction(keep=kept)
    return (rows[-1].city or "" if rows else ""), len(rows)


def _messages(rows: Sequence[jobs_due.Row]) -> Iterator[tuple[str | None, str, Kwargs]]:
    """Yield what is sent, in order: city, task and what it takes; a message with many stands where its first one stood."""
    found: list[tuple[str | None, str, list[dict[str, Id]]]] = []
    open_ones: dict[tuple[str | None, str], list[dict[str, Id]]] = {}
    for ident, schema, task, ids in rows:
        if not may_ask(schema, task):
            current_app.logger.error("row %s of %s is thrown away: it asks for %r", ident, schema, task)
            continue
        together = open_ones.get((schema, task))
        if together is not None and len(together) < MOST_TOGETHER:
            together.append(ids)
            continue
        found.append((schema, task, [ids]))
        if TASKS[task].many:
            open_ones[schema, task] = found[-1][2]
    for schema, task, each in found:
        yield schema, task, each[0] if len(each) == 1 else {EACH: each}


def _waiting(lane: Lane) -> int:
    """Return how many tasks of a lane nobody has taken yet."""
    number: int = redis.client().llen(redis.key(f"celery:{lane.queue}"))
    return number


def _most() -> int:
    most: int = current_app.config["PARVIS"].queue_length
    return most
