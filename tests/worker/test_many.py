"""Work that is asked for very often in seconds: many in one message, each in a transaction of its own."""

import json
from base64 import b64decode

import pytest
from sqlalchemy import select

from app.core import jobs, redis
from app.core.db import db
from app.core.jobs import Lane
from app.notify.mail import CityMail, send_mail
from app.services.mail import FolderDoor
from worker import relay, run
from worker.binding import bind
from worker.run import EACH, Unfinished, run_each

PARIS, BUDAPEST = "c_testparis", "c_testbudapest"


@pytest.fixture
def write(in_city):
    """Write mails that can wait, and return their ids in the order in which they were written."""

    def put(number, slug="paris"):
        with in_city(slug):
            for place in range(number):
                recipient = f"person{place}@{slug}.example"
                send_mail(
                    "already_known", recipient, "en", can_wait=True, name="", link="https://example.org/"
                )
        with in_city(slug):
            return [str(ident) for ident in db.session.scalars(select(CityMail.id).order_by(CityMail.id))]

    return put


@pytest.fixture
def unsent(in_city):
    """Return to whom the mails of a city are that were not handed over."""

    def find(slug="paris"):
        with in_city(slug):
            waiting = select(CityMail.recipient).where(CityMail.sent_at.is_(None)).order_by(CityMail.id)
            return [name.partition("@")[0] for name in db.session.scalars(waiting)]

    return find


@pytest.fixture
def refused(monkeypatch):
    """People whose mails the door does not take."""
    names: set[str] = set()
    send = FolderDoor.send

    def choosy(self, mail):
        if mail.recipient.partition("@")[0] in names:
            raise OSError("not now")
        send(self, mail)

    monkeypatch.setattr(FolderDoor, "send", choosy)
    return names


def messages(app):
    """Return of each message in the routine lane its city and how many mails it is about, the next one first."""
    with app.app_context():
        found = redis.client().lrange(redis.key(f"celery:{Lane.ROUTINE.queue}"), 0, -1)
    whole = [json.loads(message) for message in reversed(found)]
    return [(one["headers"]["city"], b64decode(one["body"]).count(b"mail_id")) for one in whole]


def test_many_go_in_one_message_each_city_by_itself(app, celery, write):
    write(relay.MOST_TOGETHER + 2)
    write(1, "budapest")
    assert relay.relay(app, celery) == relay.MOST_TOGETHER + 3
    assert sorted(messages(app)) == [(BUDAPEST, 1), (PARIS, 2), (PARIS, relay.MOST_TOGETHER)]


def test_nobody_is_woken_for_what_can_wait(write):
    woken = []
    jobs.nudge_with(lambda: woken.append(True))
    try:
        write(1)
    finally:
        jobs.discard_nudges()
    assert woken == []


def test_one_that_fails_keeps_none_of_the_others(app, write, unsent, refused):
    refused.add("person1")
    each = [{"mail_id": ident} for ident in write(3)]
    with pytest.raises(Unfinished) as found:
        run_each(app, "mail.deliver_soon", PARIS, each)
    assert found.value.left == [each[1]]
    assert unsent() == ["person1"]


def test_what_there_was_no_time_for_comes_before_what_failed(app, write, unsent, refused, monkeypatch):
    times = iter([0.0, 1.0, run.MOST_SECONDS + 1])
    monkeypatch.setattr(run, "monotonic", lambda: next(times))
    refused.add("person0")
    each = [{"mail_id": ident} for ident in write(3)]
    with pytest.raises(Unfinished) as found:
        run_each(app, "mail.deliver_soon", PARIS, each)
    assert found.value.left == [each[1], each[2], each[0]]


def test_only_what_is_left_is_tried_again(app, celery, write, unsent, refused, mails):
    refused.add("person1")
    bind(celery, app)
    each = [{"mail_id": ident} for ident in write(3)]
    tried = []

    def take_it_now(*_given):
        tried.append(unsent())
        refused.clear()

    task = celery.tasks["mail.deliver_soon"]
    retry = type(task).retry

    def noted(self, *args, **kwargs):
        take_it_now()
        assert kwargs["kwargs"] == {EACH: [each[1]]}
        return retry(self, *args, **kwargs)

    task.retry = noted.__get__(task)
    try:
        task.apply(kwargs={EACH: each}, headers={"city": PARIS})
    finally:
        del task.retry
    assert tried == [["person1"]]
    assert unsent() == []
    assert [mail["recipient"] for mail in mails()].count("person0@paris.example") == 1
