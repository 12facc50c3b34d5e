import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery.contrib.testing.worker import start_worker
from sqlalchemy import select

from app.core.db import db, end_transaction
from app.notify.mail import PlatformMail, send_mail
from worker import recovery, relay
from worker.binding import bind
from worker.celery_app import make_celery, prefix_of

QUEUE = "celery"


@pytest.fixture
def celery(app, monkeypatch):
    monkeypatch.setattr(recovery, "ASKED_AFTER_SECONDS", 0.0)
    config = app.config["PARVIS"]
    return bind(make_celery(config.redis_url, prefix_of(str(config.database.database))), app)


@pytest.fixture
def worker(celery):
    with start_worker(celery, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=20):
        yield


@pytest.fixture
def taken(app, celery):
    """A mail's task as a killed worker leaves it: taken, and nobody will ever say that it is done."""
    with app.app_context():
        send_mail("already_known", "anna@example.org", "en", name="", link="https://example.org/")
        end_transaction(keep=True)
    relay.relay(app, celery)
    with celery.connection_for_read() as connection:
        channel = connection.default_channel
        yield channel.basic_get(QUEUE, no_ack=False)
        channel.qos._delivered.clear()


def eventually(check, seconds=40.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def is_sent(app):
    with app.app_context():
        sent_at = db.session.scalars(select(PlatformMail.sent_at)).one()
        end_transaction(keep=False)
    return sent_at is not None


def test_what_a_killed_worker_held_is_done_by_another(app, celery, taken, worker):
    assert taken is not None
    assert not is_sent(app)
    # What the worker takes meanwhile and has done before it is asked is counted as well, and cannot be put back.
    eventually(lambda: recovery.put_back(celery) >= 0 and is_sent(app))
    eventually(lambda: recovery.put_back(celery) == 0)


def test_what_a_living_worker_holds_stays_with_it(celery, worker_task, worker):
    runs, may_end = worker_task
    celery.send_task("test.wait")
    eventually(lambda: runs)
    assert [recovery.put_back(celery) for _ in range(2)] == [0, 0]
    may_end.set()
    eventually(lambda: "ended" in runs)
    assert runs == ["began", "ended"]


def test_it_is_put_back_once_however_many_look_at_the_same_moment(celery, worker_task):
    runs, may_end = worker_task
    celery.send_task("test.wait")
    with celery.connection_for_read() as connection:
        channel = connection.default_channel
        assert channel.basic_get(QUEUE, no_ack=False)
        channel.qos._delivered.clear()
        with start_worker(
            celery, pool="threads", concurrency=4, perform_ping_check=False, shutdown_timeout=20
        ):
            with ThreadPoolExecutor(8) as together:
                numbers = list(together.map(lambda _: recovery.put_back(celery), range(8)))
            eventually(lambda: runs)
            assert sum(numbers) == 1
            # Whoever works on it is still known to do so: were it killed now, it would be missed.
            assert len(recovery._taken(channel)) == 1
            may_end.set()
            eventually(lambda: "ended" in runs)
    assert runs == ["began", "ended"]


@pytest.fixture
def worker_task(celery):
    runs, may_end = [], threading.Event()

    @celery.task(name="test.wait", shared=False)
    def wait():
        runs.append("began")
        may_end.wait(20)
        runs.append("ended")

    return runs, may_end


def test_nothing_is_touched_while_nobody_answers(app, celery, taken):
    assert taken is not None
    assert recovery.put_back(celery) == 0
    assert not is_sent(app)


def test_what_waits_for_its_time_is_asked_about_when_it_has_come(celery, worker_task, worker):
    celery.send_task("test.wait", countdown=1.5)
    with celery.connection_for_read() as connection:
        channel = connection.default_channel
        eventually(lambda: channel.client.zrange(channel.unacked_index_key, 0, -1))
        assert recovery._taken(channel) == {}
        eventually(lambda: recovery._taken(channel))
    worker_task[1].set()


def test_what_was_just_taken_is_not_asked_about(celery, taken, worker, monkeypatch):
    monkeypatch.setattr(recovery, "ASKED_AFTER_SECONDS", 60.0)
    assert recovery.put_back(celery) == 0
