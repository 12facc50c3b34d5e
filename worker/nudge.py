"""Wake the relay as soon as something lies in the outbox; beat's tick is only the safety net."""

from functools import cache

from celery import Celery
from flask import current_app
from kombu.exceptions import OperationalError

from worker.celery_app import make_celery, prefix_of


@cache
def _sender(broker: str, database: str) -> Celery:
    return make_celery(broker, prefix_of(database))


def nudge() -> None:
    """Ask a worker to relay the outbox now; a broker that is away is left to the next tick."""
    config = current_app.config["PARVIS"]
    sender = _sender(config.redis_url, str(config.database.database))
    try:
        sender.send_task("platform.relay", retry=False)
    except (OperationalError, OSError):
        current_app.logger.warning("the broker is away; the outbox waits for the next tick")
