"""Wake the relay as soon as something lies in the outbox; beat's tick is only the safety net."""

from functools import cache

from celery import Celery
from flask import current_app
from kombu.exceptions import OperationalError

from app.core import redis
from worker.celery_app import make_celery, prefix_of


@cache
def _sender(broker: str, database: str) -> Celery:
    return make_celery(broker, prefix_of(database))


# One message is enough however many commits there are until the relay begins; were it lost, another is sent by then.
_ASKED, _ASKED_SECONDS = "relay-asked", 5


def nudge() -> None:
    """Ask a worker to relay the outbox now; a broker that is away is left to the next tick."""
    config = current_app.config["PARVIS"]
    sender = _sender(config.redis_url, str(config.database.database))
    try:
        if redis.client().set(redis.key(_ASKED), 1, nx=True, ex=_ASKED_SECONDS):
            sender.send_task("platform.relay", retry=False)
    except (OperationalError, redis.RedisError, OSError):
        current_app.logger.warning("the broker is away; the outbox waits for the next tick")


def nudge_is_heard() -> None:
    """Let the next commit ask again: what it leaves in the outbox may be missed by the relay that begins now."""
    redis.client().delete(redis.key(_ASKED))
