"""What is written down and counted of each task: which, for which city, which attempt, how long, and how it went."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app.core import figures, log, tally, tracing
from app.core.context import serving
from app.core.errors import ServiceError
from app.core.jobs import TASKS
from tenants import failures, resolve

tasks_log = logging.getLogger("parvis.tasks")


@contextmanager
def observed(app: Flask, name: str, schema: str | None, attempt: int) -> Iterator[None]:
    """Write down and count the task inside the block; what it raises goes on."""
    began, outcome = time.perf_counter(), "done"
    facts: dict[str, log.Fact] = {"task": name, "attempt": attempt}
    if schema:
        facts["city"] = schema.removeprefix("c_")
    with log.about(**facts), tally.counting() as tallied:
        try:
            with tracing.span(f"task {name}", task=name, attempt=attempt, **_city_of(schema)):
                yield
        except ServiceError:
            outcome = "refused"
            raise
        except Exception as error:
            outcome = "failed"
            _record(app, error, name, schema)
            raise
        finally:
            seconds = time.perf_counter() - began
            with app.app_context():
                figures.count("tasks", task=name, outcome=outcome)
                figures.observe("task_seconds", seconds, lane=TASKS[name].lane.value, outcome=outcome)
            log.write(
                tasks_log,
                logging.INFO,
                "task",
                outcome=outcome,
                ms=round(seconds * 1000, 1),
                queries=tallied.queries,
            )


def _record(app: Flask, error: Exception, name: str, schema: str | None) -> None:
    with app.app_context():
        city = resolve.city_by_schema(schema) if schema else None
        with serving(city):
            failures.record(error, name)


def _city_of(schema: str | None) -> dict[str, str]:
    return {"city": schema.removeprefix("c_")} if schema else {}
