"""The worker's and beat's entry point: binds every declared task to Celery."""

import logging
from functools import cache

from celery import Celery, Task, signals
from flask import Flask

from app.core.db import db
from app.core.errors import ServiceError
from app.core.jobs import TASKS
from app.factory import create_app
from worker import relay as relaying
from worker import schedule
from worker.celery_app import from_environment
from worker.run import TaskWithoutCity, run

log = logging.getLogger("parvis.worker")
MOST_RETRIES = 6


@cache
def flask_app() -> Flask:
    """Return the application that tasks run in."""
    return create_app()


def bind(celery: Celery) -> Celery:
    """Make every declared task, the relay and the tick known to `celery`."""
    flask_app()

    @celery.task(name="platform.relay")  # type: ignore[untyped-decorator]
    def relay() -> None:
        relaying.relay(flask_app(), celery)

    @celery.task(name="platform.tick")  # type: ignore[untyped-decorator]
    def tick() -> None:
        schedule.fan_out(flask_app())
        relaying.relay(flask_app(), celery)

    for name in TASKS:
        celery.task(_body, name=name, bind=True, max_retries=MOST_RETRIES)
    return celery


def _body(self: Task, **ids: str | int) -> None:
    """Run a task with the city its message names; try again later when it fails."""
    schema = (self.request.headers or {}).get("city") or getattr(self.request, "city", None)
    try:
        run(flask_app(), self.name, schema, ids)
    except (ServiceError, TaskWithoutCity):
        log.exception("task %s of %s was refused", self.name, schema)
    except Exception as error:
        log.exception("task %s of %s failed", self.name, schema)
        delay = min(5 * 2**self.request.retries, 300)
        raise self.retry(exc=error, countdown=delay, headers={"city": schema}) from error


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _after_fork(**_: object) -> None:
    """Drop the sockets that belong to the parent."""
    with flask_app().app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)


celery = bind(from_environment())
