import json
import time
from collections import Counter
from datetime import timedelta

import pytest
from celery import signals
from celery.contrib.testing.worker import start_worker
from sqlalchemy import text

from app.core import jobs, jobs_due, redis
from app.core.db import db, end_transaction
from app.core.jobs import Lane
from tenants import schema
from tenants.models import CityState
from worker import nudge, relay, schedule
from worker.binding import bind
from worker.run import run

PARIS, BUDAPEST = "c_testparis", "c_testbudapest"
ROWS = "SELECT count(*) FROM shared.outbox"


def rows(app):
    with app.app_context(), schema.owner_transaction() as owner:
        return owner.scalar(text(ROWS))


def take(app, room, lane=Lane.PROMPT, after=""):
    with app.app_context():
        taken = jobs_due.take(lane, room, after=after)
        end_transaction(keep=True)
    return taken


def in_broker(app, queue="celery"):
    """Return whose tasks lie in the broker, the next one first."""
    with app.app_context():
        messages = redis.client().lrange(redis.key(f"celery:{queue}"), 0, -1)
    return [json.loads(message)["headers"].get("city") for message in reversed(messages)]


@pytest.fixture
def done(app, celery):
    """The cities whose tasks have begun, in order."""
    bind(celery, app)
    begun = []

    def note(task=None, **_rest):
        if task.name == "mail.deliver":
            begun.append(task.request.headers["city"])

    signals.task_prerun.connect(note)
    yield begun
    signals.task_prerun.disconnect(note)


@pytest.mark.slow
def test_a_receipt_does_not_wait_for_another_citys_hundred_thousand_tasks(app, celery, work, done):
    work(PARIS, 100_000)
    jobs.nudge_with(nudge.nudge)
    try:
        with start_worker(
            celery, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=20
        ):
            relay.relay(app, celery)
            work(BUDAPEST)
            end = time.monotonic() + 60
            while BUDAPEST not in done and time.monotonic() < end:
                time.sleep(0.02)
    finally:
        jobs.discard_nudges()
    assert BUDAPEST in done, f"{len(done)} tasks of the other city were done meanwhile"
    assert done.index(BUDAPEST) < 500
    assert rows(app) > 90_000


def test_little_is_put_into_the_broker_at_a_time(app, celery, work, waiting):
    most = app.config["PARVIS"].queue_length
    work(PARIS, most + 50)
    assert relay.relay(app, celery) == most
    assert relay.relay(app, celery) == 0
    assert (waiting(), rows(app)) == (most, 50)


def test_a_finished_task_brings_more_once_half_of_them_are_done(app, celery, work, waiting):
    most = app.config["PARVIS"].queue_length
    work(PARIS, most + 50)
    relay.relay(app, celery)
    relay.keep_flowing(app)
    assert in_broker(app, "relay") == []
    with app.app_context():
        redis.client().ltrim(redis.key("celery:celery"), 0, most // 2 - 1)
    relay.keep_flowing(app)
    relay.keep_flowing(app)
    assert len(in_broker(app, "relay")) == 1
    assert relay.relay(app, celery) == 50
    relay.keep_flowing(app)
    assert len(in_broker(app, "relay")) == 1


def test_commits_ask_for_one_relay_until_it_begins(app, celery):
    with app.app_context():
        for _ in range(3):
            nudge.nudge()
        assert len(in_broker(app, "relay")) == 1
        relay.relay(app, celery)
        nudge.nudge()
        assert len(in_broker(app, "relay")) == 2


def test_mail_for_many_does_not_stand_before_a_receipt(app, celery, work, waiting):
    most = app.config["PARVIS"].queue_length
    work(PARIS, most + 10, Lane.BULK)
    relay.relay(app, celery)
    work(PARIS)
    relay.relay(app, celery)
    assert (waiting(Lane.BULK), waiting(Lane.PROMPT)) == (most, 1)


def test_no_relay_is_held_up_by_the_many_tasks_of_one_moment(app, celery, work, waiting, monkeypatch):
    monkeypatch.setattr(jobs_due, "MOST_WOKEN", 10)
    work(PARIS, 25)
    with app.app_context(), schema.owner_transaction() as owner:
        owner.execute(text("UPDATE shared.outbox SET ready = false"))
    seen = []
    for _ in range(3):
        relay.relay(app, celery)
        seen.append((waiting(), len(in_broker(app, "relay"))))
    assert seen == [(10, 1), (20, 2), (25, 2)]


def test_five_cities_share_what_room_there_is(app, work, towns):
    towns("anna", "bela", "cili")
    for city, number in (("c_anna", 30), ("c_bela", 30), ("c_cili", 2), (PARIS, 30), (None, 30)):
        work(city, number)
    taken = take(app, 22)
    assert Counter(row.city for row in taken) == {None: 5, "c_anna": 5, "c_bela": 5, "c_cili": 2, PARIS: 5}
    assert [row.city for row in taken[:5]] == [None, "c_anna", "c_bela", "c_cili", PARIS]


def test_more_cities_than_room_are_served_one_after_the_other(app, work, towns):
    names = [f"town{number:02}" for number in range(10)]
    towns(*names)
    for name in names:
        work(f"c_{name}", 2)
    served, last = [], ""
    for _ in range(4):
        taken = [row.city for row in take(app, 4, after=last)]
        served += taken
        last = taken[-1]
    assert served[:10] == [f"c_{name}" for name in names]
    assert served[10:] == [f"c_{name}" for name in names[:6]]


def test_the_relay_goes_on_where_it_stopped(app, celery, work, towns, monkeypatch):
    names = [f"town{number}" for number in range(6)]
    towns(*names)
    monkeypatch.setattr(relay, "_most", lambda: 3)
    for name in names:
        work(f"c_{name}", 5)
    relay.relay(app, celery)
    with app.app_context():
        redis.client().delete(redis.key("celery:celery"))
    relay.relay(app, celery)
    assert in_broker(app) == ["c_town3", "c_town4", "c_town5"]


def test_work_of_a_suspended_city_waits_and_is_done_when_it_is_back(app, celery, work, set_state, run_tasks):
    work(PARIS, 3)
    work(BUDAPEST)
    set_state("testparis", CityState.SUSPENDED)
    assert relay.relay(app, celery) == 1
    assert in_broker(app) == [BUDAPEST]
    assert run_tasks() == []
    set_state("testparis", CityState.LIVE)
    assert run_tasks() == ["mail.deliver"] * 3


def test_work_that_was_taken_before_its_city_was_suspended_is_put_back(app, work, set_state, run_tasks):
    set_state("testparis", CityState.SUSPENDED)
    assert run(app, "mail.deliver", PARIS, {"mail_id": "00000000-0000-0000-0000-000000000000"}) is False
    assert run_tasks() == []
    set_state("testparis", CityState.LIVE)
    assert run_tasks() == ["mail.deliver"]


def test_nothing_is_scheduled_for_a_suspended_city(app, set_state, frozen):
    frozen("2026-11-22T10:00")
    schedule._last_filled.clear()
    schedule.fan_out(app)
    assert rows(app)
    take_everything(app)
    set_state("testparis", CityState.SUSPENDED)
    frozen("2026-11-23T10:00")
    schedule.fan_out(app)
    with app.app_context(), db.engines["platform"].connect() as connection:
        found = connection.execute(text("SELECT DISTINCT city FROM shared.outbox WHERE city IS NOT NULL"))
        assert found.scalars().all() == [BUDAPEST]
    take_everything(app)
    set_state("testparis", CityState.LIVE)
    schedule.fan_out(app)
    assert {row.city for row in take(app, 100, Lane.ROUTINE)} == {PARIS}


def take_everything(app):
    with app.app_context():
        while jobs.due_rows(100):
            end_transaction(keep=True)
        end_transaction(keep=True)


def test_the_oldest_work_that_can_be_done_tells_how_far_behind_the_worker_is(app, work, set_state, frozen):
    frozen("2026-11-22T10:00")
    work(PARIS)
    frozen("2026-11-22T10:05")
    work(BUDAPEST)
    with app.app_context():
        assert jobs_due.lag() == timedelta(minutes=5)
    set_state("testparis", CityState.SUSPENDED)
    with app.app_context():
        assert jobs_due.lag() == timedelta()


def test_what_code_of_the_version_before_leaves_is_found(app, in_city, run_tasks):
    with in_city("paris"):
        db.session.execute(
            text(
                "INSERT INTO shared.outbox (city, task, ids, due_at) VALUES (current_user, 'accounts.forget', '{}', now())"
            )
        )
    assert run_tasks() == ["accounts.forget"]
