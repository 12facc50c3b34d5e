"""Run one task: for its city, in one transaction, or not at all when the module is off."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.test import create_environ

from app.core.context import SYSTEM, acting, serving
from app.core.db import end_transaction
from app.core.jobs import TASKS, Id, Task, put_back
from app.core.patience import patient
from app.registry import modules
from tenants import resolve
from worker import schedule


class TaskWithoutCity(RuntimeError):
    """A task of a city came without one; it must not run anywhere."""


def run(app: Flask, name: str, schema: str | None, ids: Mapping[str, Id]) -> bool:
    """Run the task called `name` in the city with `schema`; returns False when the module is off.

    False is returned as well for a city that was suspended after its work was taken: the work waits for it in the
    outbox. Raises TaskWithoutCity when a city's task comes without one, and whatever the task raises.
    """
    task = TASKS[name]
    config = app.config["PARVIS"]
    with app.app_context(), patient():
        if task.of_platform:
            with app.request_context(create_environ(base_url=config.url(config.base_domain))):
                return _in_transaction(task, ids)
        if schema is None:
            raise TaskWithoutCity(name)
        city = resolve.city_by_schema(schema)
        if city is None or (task.owner in modules() and task.owner not in city.modules):
            return False
        if not city.is_live:
            return _let_wait(name, schema, ids)
        with serving(city), app.request_context(create_environ(base_url=config.url(city.host))):
            return _in_transaction(task, ids, schema)


def _let_wait(name: str, schema: str, ids: Mapping[str, Id]) -> bool:
    kept = False
    try:
        put_back(name, schema, ids)
        kept = True
    finally:
        end_transaction(keep=kept)
    return False


def _in_transaction(task: Task, ids: Mapping[str, Id], schema: str = "") -> bool:
    kept = False
    try:
        with acting(SYSTEM):
            awake = task.run(**ids)
        if task.idle:
            schedule.look_again(task, schema, awake=bool(awake))
        kept = True
    finally:
        end_transaction(keep=kept)
    return True
