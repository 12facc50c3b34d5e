"""Tasks that run on their own rest in cities where they have nothing to look after."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.core.clock import now
from app.core.db import db
from app.core.jobs import TASKS, task
from worker import schedule
from worker.run import run

NAME = "watch.over"
CITY = "c_testparis"


@pytest.fixture
def watching(app, frozen):
    """A task that looks every minute, or every hour where it finds nothing; set `found` to what it is to find."""
    frozen("2026-11-22T10:00")
    found = []

    @task(NAME, every=timedelta(minutes=1), idle=timedelta(hours=1))
    def watch():
        return bool(found)

    schedule._last_filled.clear()
    schedule.fan_out(app)
    yield found
    del TASKS[NAME]


def due_in(app, city=CITY):
    """Return in how many minutes the task is due again."""
    asked = text("SELECT due_at FROM platform.schedule WHERE city = :city AND task = :task")
    with app.app_context(), db.engines["platform"].connect() as connection:
        due_at: datetime = connection.execute(asked, {"city": city, "task": NAME}).scalar_one()
    return (due_at - now()) / timedelta(minutes=1)


def test_a_task_that_found_nothing_comes_back_after_about_an_hour(app, watching):
    run(app, NAME, CITY, {})
    assert 45 <= due_in(app) <= 75


def test_one_that_found_something_comes_back_after_a_minute(app, watching):
    run(app, NAME, CITY, {})
    watching.append("a vote past its time")
    run(app, NAME, CITY, {})
    assert due_in(app) == 1


def test_who_asks_for_a_resting_task_wakes_it(app, watching, frozen):
    run(app, NAME, CITY, {})
    frozen("2026-11-22T10:10")
    watching.append("a count")
    run(app, NAME, CITY, {})
    assert due_in(app) == 1


def test_other_cities_keep_their_own_time(app, watching):
    before = due_in(app, "c_testbudapest")
    run(app, NAME, CITY, {})
    assert due_in(app, "c_testbudapest") == before


def test_cities_do_not_come_back_all_at_once(app, watching):
    moments = set()
    for _ in range(5):
        run(app, NAME, CITY, {})
        moments.add(due_in(app))
    assert len(moments) == 5
