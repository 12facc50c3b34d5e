"""Move work from the outbox to the broker, cities in turn and no more than the workers are about to do.

What lies in the broker is done in the order in which it came, so a newcomer waits for all of it; therefore little is
put there at a time. Several relays may run at once.
"""

from celery import Celery
from flask import Flask, current_app

from app.core import jobs_due, redis
from app.core.db import end_transaction
from app.core.jobs import Lane, may_ask
from worker.nudge import nudge, nudge_is_heard

# Lanes that have more in the outbox than was let into the broker, and the city that had the last turn in each.
_MORE, _LAST = "relay-more", "relay-last"


def relay(app: Flask, celery: Celery) -> int:
    """Fill each lane in the broker and return how much was sent; a crash in between sends twice, never not at all."""
    with app.app_context():
        nudge_is_heard()
        more = _wake()
        sent = sum(_fill(celery, lane) for lane in Lane)
        if more:
            # A million mails may be due at midnight: what is for now goes in between.
            nudge()
        return sent


def keep_flowing(app: Flask) -> None:
    """Have the relay bring more when a lane that has more in the outbox is half empty in the broker."""
    with app.app_context():
        try:
            more = redis.client().hkeys(redis.key(_MORE))
            if any(_waiting(Lane(str(lane))) <= _most() // 2 for lane in more):
                nudge()
        except redis.RedisError:
            current_app.logger.warning("redis is away; the outbox waits for the next tick")


def _wake() -> bool:
    kept = False
    try:
        more = jobs_due.wake()
        kept = True
    finally:
        end_transaction(keep=kept)
    return more


def _fill(celery: Celery, lane: Lane) -> int:
    sent = 0
    room = _most() - _waiting(lane)
    while room > 0:
        number = _send_some(celery, lane, room)
        if not number:
            redis.client().hdel(redis.key(_MORE), lane)
            return sent
        sent, room = sent + number, room - number
    redis.client().hset(redis.key(_MORE), lane, 1)
    return sent


def _send_some(celery: Celery, lane: Lane, room: int) -> int:
    kept = False
    try:
        after = redis.client().hget(redis.key(_LAST), lane)
        rows = jobs_due.take(lane, room, after=str(after or ""))
        with celery.producer_pool.acquire(block=True) as producer:
            for ident, schema, task, ids in rows:
                if not may_ask(schema, task):
                    current_app.logger.error(
                        "row %s of %s is thrown away: it asks for %r", ident, schema, task
                    )
                    continue
                headers = {"city": schema}
                celery.send_task(task, kwargs=ids, headers=headers, queue=lane.queue, producer=producer)
        kept = True
    finally:
        end_transaction(keep=kept)
    if rows:
        redis.client().hset(redis.key(_LAST), lane, rows[-1].city or "")
    return len(rows)


def _waiting(lane: Lane) -> int:
    """Return how many tasks of a lane nobody has taken yet."""
    number: int = redis.client().llen(redis.key(f"celery:{lane.queue}"))
    return number


def _most() -> int:
    most: int = current_app.config["PARVIS"].queue_length
    return most
