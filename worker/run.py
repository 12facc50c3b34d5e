"""Run one task: for its city, in one transaction, or not at all when the module is off; of many, one after the other."""

from collections.abc import Mapping, Sequence
from time import monotonic

from flask import Flask
from werkzeug.test import create_environ

from app.core.context import SYSTEM, acting, serving
from app.core.db import end_transaction
from app.core.jobs import TASKS, Id, Task, put_back
from app.core.patience import patient
from app.registry import modules
from tenants import resolve
from worker import schedule

# Under which name a message has the ids of many.
EACH = "each"
# Of many no further one is begun after that, well before a task is ended.
MOST_SECONDS = 300.0


class Unfinished(Exception):
    """Some of many failed or were not begun: `left` is to be tried again."""

    def __init__(self, left: Sequence[Mapping[str, Id]]) -> None:
        super().__init__(f"{len(left)} are left")
        self.left = list(left)


class TaskWithoutCity(RuntimeError):
    """A task of a city came without one; it must not run anywhere."""


def run(app: Flask, name: str, schema: str | None, ids: Mapping[str, Id]) -> bool:
    """Run the task called `name` in the city with `schema`; returns False when the module is off.

    False is returned as well for a city that was suspended after its work was taken: the work waits for it in the
    outbox. Raises TaskWithoutCity when a city's task comes without one, and whatever the task raises.
    """
    return run_each(app, name, schema, [ids])


def run_each(app: Flask, name: str, schema: str | None, many: Sequence[Mapping[str, Id]]) -> bool:
    """Run a task once for each of many, each in a transaction of its own; raises Unfinished when some fail."""
    task = TASKS[name]
    config = app.config["PARVIS"]
    with app.app_context(), patient():
        if task.of_platform:
            with app.request_context(create_environ(base_url=config.url(config.base_domain))):
                return _one_by_one(task, many)
        if schema is None:
            raise TaskWithoutCity(name)
        city = resolve.city_by_schema(schema)
        if city is None or (task.owner in modules() and task.owner not in city.modules):
            return False
        if not city.is_live:
            return _let_wait(name, schema, many)
        with serving(city), app.request_context(create_environ(base_url=config.url(city.host))):
            return _one_by_one(task, many, schema)


def _let_wait(name: str, schema: str, many: Sequence[Mapping[str, Id]]) -> bool:
    kept = False
    try:
        for ids in many:
            put_back(name, schema, ids)
        kept = True
    finally:
        end_transaction(keep=kept)
    return False


def _one_by_one(task: Task, many: Sequence[Mapping[str, Id]], schema: str = "") -> bool:
    """Run them all, as long as there is time, whatever becomes of one; what fails alone is raised as it is."""
    if len(many) == 1:
        _in_transaction(task, many[0], schema)
        return True
    failed: list[Mapping[str, Id]] = []
    cause: Exception | None = None
    until = monotonic() + MOST_SECONDS
    for place, ids in enumerate(many):
        if monotonic() > until:
            # Each waits in vain for a mail server, say: those that were not tried come first the next time.
            raise Unfinished([*many[place:], *failed]) from cause
        try:
            _in_transaction(task, ids, schema)
        except Exception as error:
            failed.append(ids)
            cause = error
    if failed:
        raise Unfinished(failed) from cause
    return True


def _in_transaction(task: Task, ids: Mapping[str, Id], schema: str) -> None:
    kept = False
    try:
        with acting(SYSTEM):
            awake = task.run(**ids)
        if task.idle:
            schedule.look_again(task, schema, awake=bool(awake))
        kept = True
    finally:
        end_transaction(keep=kept)
