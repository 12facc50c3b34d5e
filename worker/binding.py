"""Bind every declared task, the relay and the tick to a Celery application."""

import logging

from celery import Celery, Task
from flask import Flask

from app.core.errors import ServiceError
from app.core.jobs import TASKS
from worker import recovery, schedule
from worker import relay as relaying
from worker.observing import observed
from worker.run import EACH, TaskWithoutCity, Unfinished, run_each

log = logging.getLogger("parvis.worker")
MOST_RETRIES = 6
LONGEST_DELAY_SECONDS = 300
Many = list[dict[str, str | int]]


def bind(celery: Celery, app: Flask) -> Celery:
    """Make tasks known to `celery` alone; they run in `app`, each for the city that its message names."""

    @celery.task(name="platform.relay", shared=False)  # type: ignore[untyped-decorator]
    def relay() -> None:
        relaying.relay(app, celery)

    @celery.task(name="platform.tick", shared=False)  # type: ignore[untyped-decorator]
    def tick() -> None:
        schedule.fan_out(app)
        relaying.relay(app, celery)
        if number := recovery.put_back(celery):
            log.warning("%s tasks of killed workers are in the queue again", number)

    def body(self: Task, each: Many | None = None, **ids: str | int) -> None:
        many = [ids] if each is None else each
        try:
            _run(self, app, many)
        finally:
            relaying.after_task(app, len(many))

    for name in TASKS:
        if name not in celery.tasks:
            celery.task(body, name=name, bind=True, shared=False, max_retries=MOST_RETRIES)
    return celery


def _run(task: Task, app: Flask, many: Many) -> None:
    """Run a task with the city its message names; try again later when it fails."""
    schema = (task.request.headers or {}).get("city") or getattr(task.request, "city", None)
    attempt = task.request.retries + 1
    try:
        with observed(app, task.name, schema, attempt):
            run_each(app, task.name, schema, many)
    except (ServiceError, TaskWithoutCity) as error:
        log.warning("task %s of %s was refused: %s", task.name, schema, type(error).__name__)
    except Exception as error:
        delay = min(5 * 2**task.request.retries, LONGEST_DELAY_SECONDS)
        left = {"kwargs": {EACH: error.left}} if isinstance(error, Unfinished) else {}
        raise task.retry(exc=error, countdown=delay, headers={"city": schema}, **left) from error
