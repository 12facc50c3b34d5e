"""Tasks that run on their own: one row for each city and task says when it is next due."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import CursorResult, text

from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.jobs import TASKS, Task
from app.registry import modules

FILL_EVERY = timedelta(minutes=1)
_FILL_CITY = """
INSERT INTO platform.schedule (city, task, due_at)
SELECT 'c_' || c.id, :task, :due FROM platform.city c {join} WHERE c.state = 'live' ON CONFLICT DO NOTHING
"""
_WITH_MODULE = 'JOIN platform.module_toggle t ON t.city_id = c.id AND t.module = :module AND t."on"'
_FILL_PLATFORM = (
    "INSERT INTO platform.schedule (city, task, due_at) VALUES ('', :task, :due) ON CONFLICT DO NOTHING"
)
_TAKE = """
WITH due AS (
    SELECT city, task FROM platform.schedule s WHERE task = :task AND due_at <= :now AND (city = '' OR EXISTS (
        SELECT FROM platform.city c WHERE c.id = substr(s.city, 3) AND c.state = 'live'))
    ORDER BY due_at LIMIT 5000 FOR UPDATE SKIP LOCKED),
taken AS (
    UPDATE platform.schedule s SET due_at = :next FROM due WHERE s.city = due.city AND s.task = due.task
    RETURNING s.city)
INSERT INTO shared.outbox (city, task, ids, due_at, lane, ready)
SELECT nullif(city, ''), :task, '{}', :now, :lane, true FROM taken ORDER BY city RETURNING id
"""
_LOOK_AGAIN = """
UPDATE platform.schedule SET due_at = least(due_at, :now + :every) WHERE city = :city AND task = :task
"""
# Not all at the same moment: thousands of cities that have nothing to look after were perhaps made in one go.
_REST = """
UPDATE platform.schedule SET due_at = :now + :idle * (0.75 + random() / 2) WHERE city = :city AND task = :task
"""
_last_filled: list[datetime] = []


def fan_out(app: Flask) -> int:
    """Put every scheduled task that is due into the outbox, once for each city; returns how many."""
    moment = now()
    with app.app_context():
        kept = False
        try:
            if not _last_filled or _last_filled[0] + FILL_EVERY <= moment:
                _fill(moment)
                _last_filled[:] = [moment]
            number = sum(_take(task, task.every, moment) for task in TASKS.values() if task.every)
            kept = True
        finally:
            end_transaction(keep=kept)
    return number


def look_again(task: Task, schema: str, *, awake: bool) -> None:
    """Have a task that can rest come back soon in a city, or late when it found nothing to look after."""
    statement = _LOOK_AGAIN if awake else _REST
    span = {"every": task.every} if awake else {"idle": task.idle}
    _execute(statement, city=schema, task=task.name, now=now(), **span)


def _fill(moment: datetime) -> None:
    for task in TASKS.values():
        if not task.every:
            continue
        if task.of_platform:
            _execute(_FILL_PLATFORM, task=task.name, due=moment)
        elif task.owner in modules():
            _execute(_FILL_CITY.format(join=_WITH_MODULE), task=task.name, due=moment, module=task.owner)
        else:
            _execute(_FILL_CITY.format(join=""), task=task.name, due=moment)


def _take(task: Task, every: timedelta, moment: datetime) -> int:
    return len(_execute(_TAKE, task=task.name, lane=task.lane, now=moment, next=moment + every))


def _execute(statement: str, **values: object) -> list[object]:
    result = db.session.execute(text(statement), values, bind_arguments={"bind": db.engines["platform"]})
    return [row[0] for row in result] if isinstance(result, CursorResult) and result.returns_rows else []
