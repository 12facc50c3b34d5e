import threading
import time
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from sqlalchemy import select, text

from app.core import jobs
from app.core.db import db
from app.notify.mail import CityMail, send_mail
from app.services.mail import FolderDoor
from tenants import resolve, toggles
from worker import relay, schedule
from worker.binding import bind
from worker.run import TaskWithoutCity, run


@pytest.fixture
def worker(app, celery):
    bind(celery, app)
    with start_worker(
        celery, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=20
    ) as running:
        yield running


def eventually(check, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def write(in_city, slug, number=1):
    with in_city(slug):
        for place in range(number):
            send_mail(
                "already_known", f"person{place}@{slug}.example", "en", name="", link="https://example.org/"
            )


def sent(in_city, slug):
    with in_city(slug):
        return len(db.session.scalars(select(CityMail.id).where(CityMail.sent_at.is_not(None))).all())


def test_a_real_worker_delivers_for_the_city_in_the_header(app, in_city, celery, worker):
    write(in_city, "budapest", 3)
    relay.relay(app, celery)
    eventually(lambda: sent(in_city, "budapest") == 3)
    assert sent(in_city, "paris") == 0


def test_three_relays_hand_everything_over_once(app, in_city, celery, worker):
    write(in_city, "paris", 60)
    counted = []
    threads = [threading.Thread(target=lambda: counted.append(relay.relay(app, celery))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counted) == 60
    eventually(lambda: sent(in_city, "paris") == 60)


def test_a_mail_delivered_twice_is_sent_once(app, in_city, run_tasks, mails):
    write(in_city, "paris")
    with in_city("paris"):
        mail_id = str(db.session.scalars(select(CityMail.id)).one())
    for _ in range(3):
        run(app, "mail.deliver", "c_testparis", {"mail_id": mail_id})
    assert len(mails()) == 1


def test_a_citys_task_without_a_city_runs_nowhere(app):
    with pytest.raises(TaskWithoutCity):
        run(app, "mail.deliver", None, {"mail_id": "00000000-0000-0000-0000-000000000000"})


def test_a_task_of_a_module_that_is_off_does_nothing(app, in_city):
    with in_city("paris"):
        toggles.switch_off(resolve.city_by_slug("paris"), ["participatory_budget"])
    assert run(app, "participatory_budget.close_due", "c_testparis", {}) is False
    assert run(app, "participatory_budget.close_due", "c_testbudapest", {}) is True


def test_work_that_was_rolled_back_is_never_done(in_city, run_tasks):
    with in_city("paris"):
        send_mail("already_known", "nobody@example.org", "en", name="", link="https://example.org/")
        db.session.rollback()
    assert run_tasks() == []


@pytest.fixture
def nudged():
    """How often the relay was woken so far."""
    woken = []
    jobs.nudge_with(lambda: woken.append(True))
    yield lambda: len(woken)
    jobs.discard_nudges()


def test_the_relay_is_woken_when_the_work_can_be_seen_not_at_a_savepoint(in_city, nudged):
    with in_city("paris"):
        with db.session.begin_nested():
            jobs.enqueue("accounts.forget")
        assert nudged() == 0
    assert nudged() == 1


def test_work_for_later_does_not_make_work_for_now_wait(in_city, nudged):
    with in_city("paris"):
        jobs.enqueue("accounts.forget")
        jobs.enqueue("accounts.forget", at=jobs.now() + timedelta(hours=1))
    assert nudged() == 1


def test_work_for_later_waits(app, in_city, run_tasks, frozen):
    frozen("2026-11-22T10:00")
    with in_city("paris"):
        jobs.enqueue(
            "mail.deliver", at=jobs.now().replace(hour=12), mail_id="00000000-0000-0000-0000-000000000000"
        )
    assert run_tasks() == []
    frozen("2026-11-22T12:00")
    assert run_tasks() == ["mail.deliver"]


def test_an_unknown_task_is_refused_when_it_is_asked_for(in_city):
    with in_city("paris"), pytest.raises(LookupError):
        jobs.enqueue("nobody.knows")


def test_scheduled_tasks_come_due_once_for_each_city(app, in_city, frozen):
    frozen("2026-11-22T10:00")
    schedule._last_filled.clear()
    schedule.fan_out(app)
    with app.app_context(), db.engines["platform"].connect() as connection:
        rows = connection.execute(
            text("SELECT city FROM shared.outbox WHERE task = 'participatory_budget.close_due' ORDER BY city")
        ).scalars()
        assert list(rows) == ["c_testbudapest", "c_testparis"]
    assert schedule.fan_out(app) == 0


def test_a_mail_that_cannot_be_handed_over_stays(app, in_city, monkeypatch):
    write(in_city, "paris")
    with in_city("paris"):
        mail_id = str(db.session.scalars(select(CityMail.id)).one())

    def refuse(self, mail):
        raise OSError("the post office is closed")

    monkeypatch.setattr(FolderDoor, "send", refuse)
    with pytest.raises(OSError, match="closed"):
        run(app, "mail.deliver", "c_testparis", {"mail_id": mail_id})
    assert sent(in_city, "paris") == 0


def test_what_a_mail_said_is_not_kept_once_it_is_handed_over(in_city, mails):
    write(in_city, "paris")
    assert "https://example.org/" in mails()[0]["text"]
    with in_city("paris"):
        kept = db.session.scalars(select(CityMail)).one()
        assert (kept.text, kept.html, kept.recipient) == ("", "", "person0@paris.example")


def test_a_mail_that_was_lost_on_its_way_to_the_worker_is_asked_for_again(
    app, in_city, run_tasks, mails, frozen
):
    frozen("2026-11-22T10:00")
    write(in_city, "paris")
    with app.app_context():
        jobs.due_rows(100)
        db.session.commit()
    frozen("2026-11-22T10:14")
    run(app, "mail.deliver_late", "c_testparis", {})
    assert mails() == []
    frozen("2026-11-22T10:15")
    for _ in range(2):
        run(app, "mail.deliver_late", "c_testparis", {})
    assert len(mails()) == 1
    frozen("2026-11-22T11:00")
    run(app, "mail.deliver_late", "c_testparis", {})
    assert run_tasks() == []


def test_a_mail_of_the_platform_that_was_lost_is_asked_for_again(app, mails, frozen):
    frozen("2026-11-22T10:00")
    with app.app_context(), app.test_request_context(base_url="http://parvis.localhost:8000"):
        send_mail("already_known", "mayor@example.org", "en", name="", link="https://example.org/")
        jobs.due_rows(100)
        db.session.commit()
    assert mails() == []
    frozen("2026-11-22T10:15")
    run(app, "platform.deliver_late", None, {})
    assert [mail["recipient"] for mail in mails()] == ["mayor@example.org"]
