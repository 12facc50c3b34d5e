"""Handing over: one connection for many, further tries, dead letters, the city's quota."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.jobs import enqueue
from app.notify import channels, choices, log
from app.notify.audiences import everybody
from app.notify.choices import Quiet
from app.notify.rules import MOST_TRIES, Rhythm, State
from app.notify.telling import notify
from tenants import resolve
from tenants.models import Quota
from tests.notify.conftest import FOLLOWED, RECEIPT, REQUEST


@pytest.fixture
def tell(person, in_city):
    """Tell new people something."""

    def to(number=1, kind=REQUEST, cause="lamp"):
        people = [person(f"p{each}@example.org") for each in range(number)]
        with in_city():
            notify(kind, people, cause, link="/news/", what="Lamp")
        return people

    return to


def test_many_mails_leave_through_one_connection_each_by_a_name_of_its_own(tell, post, run_tasks):
    tell(12)
    run_tasks()
    assert post.connections == 1
    assert len({mail["Message-ID"] for mail in post.taken}) == 12
    assert {mail["Auto-Submitted"] for mail in post.taken} == {"auto-generated"}


def test_a_mail_can_be_stopped_with_one_click(tell, post, run_tasks):
    tell()
    run_tasks()
    (mail,) = post.taken
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http://paris.")
    assert not re.search("p0(@|%40)", mail["List-Unsubscribe"])
    text = mail.get_body(("plain",)).get_content()
    assert mail["List-Unsubscribe"].strip("<>") in text


def test_a_server_that_hangs_up_now_and_then_loses_nothing(tell, post, run_tasks):
    post.most_in_one = 3
    tell(8)
    run_tasks()
    assert {mail["To"] for mail in post.taken} == {f"p{each}@example.org" for each in range(8)}
    # The last mail of a connection was taken though nobody said so: it comes again under the same name.
    assert len({mail["Message-ID"] for mail in post.taken}) == 8


def test_a_delivery_is_tried_again_ever_more_rarely_and_then_given_up(
    tell, post, run_tasks, deliveries, frozen, in_city
):
    frozen("2026-11-22T10:00")
    tell()
    post.refuse = "451 come back later"
    waits = []
    for _time in range(MOST_TRIES - 1):
        run_tasks()
        (failed,) = deliveries()
        assert failed.state is State.FAILED
        waits.append(failed.due_at - now())
        frozen(failed.due_at)
    run_tasks()
    (dead,) = deliveries()
    assert (dead.state, dead.tries, dead.reason) == (State.DEAD, MOST_TRIES, "refused: 451 come back later")
    assert timedelta(minutes=1) <= waits[0] < waits[3] < waits[6] < timedelta(hours=6)
    post.refuse = ""
    with in_city():
        log.resend(dead.id)
    run_tasks()
    assert len(post.taken) == 1
    assert deliveries()[0].state is State.HANDED_OVER


def test_an_address_that_does_not_exist_is_given_up_at_once(tell, post, run_tasks, deliveries):
    post.refuse = "550 no such person"
    tell()
    run_tasks()
    assert [(d.state, d.tries) for d in deliveries()] == [(State.DEAD, 1)]


def test_a_server_that_is_away_costs_one_try_and_not_one_of_each(
    app, tell, run_tasks, deliveries, post, frozen
):
    frozen("2026-11-22T10:00")
    there = app.config["PARVIS"]
    app.config["PARVIS"] = replace(there, mail_url="smtp://127.0.0.1:9")
    tell(5)
    run_tasks()
    assert sorted(d.tries for d in deliveries()) == [0, 0, 0, 0, 1]
    app.config["PARVIS"] = there
    frozen("2026-11-22T10:02")
    run_tasks()
    assert len(post.taken) == 5


def test_what_cannot_be_written_stops_nothing_else(tell, in_city, person, mails, deliveries):
    broken = person("broken@example.org")
    with in_city():
        choices.save(broken, {"news": {"mail": "at_once"}}, Quiet(), [])
        notify("news.published", broken, "article", title=1)
    tell(2)
    assert len(mails()) == 2
    assert sorted(d.reason for d in deliveries()) == ["", "", "broken"]


def test_very_many_wait_for_a_day_with_room_and_receipts_do_not(
    app, person, in_city, mails, deliveries, frozen, run_tasks
):
    frozen("2026-11-22T10:00")
    people = [person(f"p{number}@example.org") for number in range(4)]
    with in_city():
        city_id = current_city().id
    with app.app_context():
        db.session.add(Quota(city_id=city_id, resource="mails", most=2))
        db.session.commit()
    with app.app_context():
        resolve.change()
        db.session.commit()
    with in_city():
        notify(REQUEST, everybody(), "fair", what="Fair")
        notify(RECEIPT, people[0], "vote", what="Vote")
    sent = [mail["subject"] for mail in mails()]
    assert sent.count("About Vote") == 1
    assert 0 < sent.count("About Fair") <= 2
    frozen("2026-11-24T00:01")
    run_tasks()
    frozen("2026-11-26T00:01")
    assert [mail["subject"] for mail in mails()].count("About Fair") == 4


def test_a_message_of_a_module_that_was_switched_off_is_not_sent(person, in_city, mails, deliveries, staff):
    ines = person()
    with in_city():
        choices.save(ines, {"news": {"mail": "at_once"}}, Quiet(), [])
        notify("news.published", ines, "article", title={"en": "Fair"}, teaser={})
    staff.post("/admin/modules/news/switch", data={"on": "0", "sure": "y"})
    assert mails() == []


def test_a_worker_that_finds_a_lost_delivery_sends_it(tell, in_city, mails, run_tasks):
    tell()
    with in_city():
        lost = text("DELETE FROM shared.outbox")
        db.session.execute(lost, bind_arguments={"bind": db.engines["platform"]})
    assert mails() == []
    with in_city():
        enqueue("notify.look_after")
    assert len(mails()) == 1


def test_a_mail_costs_few_questions(tell, run_tasks, count_queries, post):
    tell(10)
    with count_queries() as asked:
        run_tasks()
    assert len(post.taken) == 10
    assert len(asked) <= 10 * 3 + 20, "\n".join(asked)


def test_what_waits_for_a_digest_is_not_sent(tell, mails, deliveries):
    tell(kind=FOLLOWED)
    assert mails() == []
    assert [d.state for d in deliveries()] == [State.GATHERED]


class Away:
    """A way on which nothing can be sent."""

    name, label, rhythms = "away", "Away", (Rhythm.AT_ONCE,)

    def offered(self):
        return True

    def address(self, recipient):
        return "somewhere"

    def session(self):
        raise OSError("nobody answers")


def test_a_way_that_is_closed_holds_up_no_other(person, in_city, mails, deliveries, monkeypatch):
    monkeypatch.setattr("app.notify.sending.MOST", 3)
    monkeypatch.setitem(channels._channels, "away", Away())
    people = [person(f"p{number}@example.org") for number in range(8)]
    with in_city():
        for each in people:
            choices.save(each, {"requests": {"away": "at_once", "mail": "at_once"}}, Quiet(), [])
            notify(REQUEST, each, "lamp", what="Lamp")
    assert len(mails()) == 8
    assert {d.state for d in deliveries() if d.channel == "mail"} == {State.HANDED_OVER}
    assert {d.state for d in deliveries() if d.channel == "away"} <= {State.WAITING, State.FAILED}
