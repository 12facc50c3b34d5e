"""Telling people: once for each cause, through the channels that they chose."""

import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db
from app.notify import choices
from app.notify.audiences import Audience, everybody, followers, subscribers
from app.notify.choices import Quiet
from app.notify.models import Follow, Notification
from app.notify.rules import State
from app.notify.telling import PART, notify
from tests.notify.conftest import FOLLOWED, NEWS, RECEIPT, REQUEST


def inbox_size(slug="paris"):
    counted = select(func.count()).select_from(Notification).where(Notification.account_id.is_not(None))
    return db.session.scalar(counted)


def test_a_message_comes_by_mail_in_her_language_and_stands_in_the_inbox(person, in_city, mails):
    ines = person(language="en")
    with in_city():
        notify(REQUEST, ines, "lamp 1", link="/news/", what="Lamp <b>")
    mail = mails()[-1]
    assert (mail["recipient"], mail["subject"], mail["language"]) == (
        "ines@example.org",
        "About Lamp <b>",
        "en",
    )
    assert "Lamp <b> at http://paris.parvis.localhost:8000/news/" in mail["text"]
    assert "Lamp &lt;b&gt;" in mail["html"]
    assert "You get this because you hear of “My requests”." in mail["text"]


def test_the_same_cause_is_told_once(person, in_city, mails):
    ines = person()
    for _time in range(3):
        with in_city():
            notify(REQUEST, ines, "lamp 1", what="Lamp")
    with in_city():
        notify(REQUEST, ines, "lamp 2", what="Lamp")
        assert inbox_size() == 2
    assert [mail["subject"] for mail in mails()] == ["About Lamp"] * 2


def test_nothing_is_told_when_the_cause_is_rolled_back(person, in_city, mails):
    ines = person()
    with in_city():
        notify(REQUEST, ines, "lamp 1", what="Lamp")
        db.session.rollback()
    assert mails() == []


def test_what_is_switched_off_comes_to_the_inbox_alone(person, in_city, mails):
    ines = person()
    with in_city():
        choices.save(ines, {"requests": {"mail": "off"}}, Quiet(), [])
        notify(REQUEST, ines, "lamp 1", what="Lamp")
        assert inbox_size() == 1
    assert mails() == []


def test_a_receipt_cannot_be_switched_off(person, in_city, mails):
    ines = person()
    with in_city():
        choices.save(ines, {"account": {"mail": "off"}}, Quiet(0, 23), [])
        notify(RECEIPT, ines, "vote 1", what="Vote")
    mail = mails()[-1]
    assert "It cannot be switched off." in mail["text"]
    assert "List-Unsubscribe" not in mail["headers"]


def test_a_choice_made_before_a_message_leaves_holds_for_it(person, in_city, mails, deliveries):
    ines = person()
    with in_city():
        notify(REQUEST, ines, "lamp 1", what="Lamp")
    with in_city():
        choices.save(ines, {"requests": {"mail": "off"}}, Quiet(), [])
    assert mails() == []
    assert [(d.state, d.reason) for d in deliveries()] == [(State.DROPPED, "switched_off")]


def test_quiet_hours_hold_a_message_back_until_they_end(person, in_city, mails, frozen):
    frozen("2026-11-22T22:30")  # half past eleven in the evening in Paris
    ines = person()
    with in_city():
        choices.save(ines, {}, Quiet(22, 7), [])
        notify(REQUEST, ines, "lamp 1", what="Lamp")
        notify(RECEIPT, ines, "vote 1", what="Vote")
    assert [mail["subject"] for mail in mails()] == ["About Vote"]
    frozen("2026-11-23T05:59")
    assert len(mails()) == 1
    frozen("2026-11-23T06:00")
    assert [mail["subject"] for mail in mails()] == ["About Vote", "About Lamp"]


def test_an_audience_is_told_in_parts_and_nobody_twice(app, person, in_city, run_tasks, mails):
    people = {f"p{number}@example.org": person(f"p{number}@example.org") for number in range(7)}
    with in_city():
        notify(REQUEST, people["p3@example.org"], "fair", what="Fair")
        notify(REQUEST, everybody(), "fair", what="Fair")
        notify(REQUEST, everybody(), "fair", what="Fair")
    assert sorted(mail["recipient"] for mail in mails()) == sorted(people)
    assert PART > 7


def test_many_parts_reach_everybody(monkeypatch, person, in_city, mails, run_tasks):
    monkeypatch.setattr("app.notify.telling.PART", 3)
    people = sorted(f"p{number}@example.org" for number in range(8))
    for email in people:
        person(email)
    with in_city():
        notify(REQUEST, everybody(), "fair", what="Fair")
    assert run_tasks().count("notify.fan_out") == 3
    assert sorted(mail["recipient"] for mail in mails()) == people


def test_news_reach_who_asked_for_them(person, in_city, mails):
    asks, does_not = person("asks@example.org"), person("silent@example.org")
    with in_city():
        choices.save(asks, {"news": {"mail": "at_once"}}, Quiet(), [])
        choices.save(does_not, {"news": {"mail": "off", "inbox": "off"}}, Quiet(), [])
        notify(NEWS, subscribers(topic="news"), "article 1", what="Fair")
    assert [mail["recipient"] for mail in mails()] == ["asks@example.org"]


def test_news_of_a_district_reach_who_chose_it_or_none(person, in_city, mails):
    choice = {"news": {"mail": "at_once"}}
    with_all, here, there = (person(f"{name}@example.org") for name in ("all", "here", "there"))
    with in_city():
        choices.save(with_all, choice, Quiet(), [])
        choices.save(here, choice, Quiet(), ["11"])
        choices.save(there, choice, Quiet(), ["12"])
        notify(NEWS, subscribers(topic="news", district="11"), "article 1", what="Fair")
    assert sorted(mail["recipient"] for mail in mails()) == ["all@example.org", "here@example.org"]


def test_one_city_tells_nobody_of_another(person, in_city, mails):
    stranger = person("stranger@example.org", slug="budapest")
    with in_city("paris"):
        notify(REQUEST, stranger, "lamp 1", what="Lamp")
        assert inbox_size() == 0
    assert mails() == []


def test_mistakes_of_a_caller_are_refused(person, in_city):
    ines = person()
    with in_city():
        with pytest.raises(LookupError):
            notify("platform.unheard_of", ines, "x")
        with pytest.raises(LookupError):
            notify(REQUEST, Audience("platform.unheard_of", {}), "x")
        with pytest.raises(ValueError, match="path"):
            notify(REQUEST, ines, "x", link="https://example.org/")
        with pytest.raises(TypeError):
            notify(REQUEST, ines, "x", what=object())
        with pytest.raises(ValueError, match="audience"):
            notify(REQUEST, [ines] * 201, "x")


def test_who_has_not_confirmed_her_address_is_told_nothing(in_city, mails, visitor):
    visitor.post("/sign-up", data={"name": "Inès", "email": "new@example.org", "password": ""})
    before = len(mails())
    with in_city():
        notify(REQUEST, everybody(), "fair", what="Fair")
    assert len(mails()) == before


def test_followers_hear_of_what_they_follow(person, in_city, run_tasks, deliveries):
    ines, _other = person(), person("other@example.org")
    with in_city():
        db.session.add(Follow(subject="budget:edition:1", account_id=ines, created_at=now()))
    with in_city():
        notify(FOLLOWED, followers(subject="budget:edition:1"), "result", what="Result")
    run_tasks()
    assert [d.account_id for d in deliveries()] == [ines]
