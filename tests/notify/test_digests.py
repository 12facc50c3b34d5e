"""Digests: whatever was gathered is in exactly one of them."""

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.jobs import enqueue
from app.notify import choices, digests
from app.notify.choices import Quiet
from app.notify.models import Delivery
from app.notify.rules import State
from app.notify.telling import notify
from tests.notify.conftest import FOLLOWED, NEWS, REQUEST

EVENING, MORNING = "2026-11-22T18:00", "2026-11-23T06:00"  # a Sunday and a Monday; in Paris an hour later


@pytest.fixture
def morning(in_city, frozen, run_tasks):
    """Let a moment come, and the worker look what is due."""

    def come(moment):
        frozen(moment)
        with in_city():
            enqueue("notify.look_after")
        run_tasks()

    return come


def test_a_digest_has_what_happened_since_the_last_one_by_topic(person, in_city, mails, frozen, morning):
    frozen(EVENING)
    ines = person()
    with in_city():
        choices.save(ines, {"news": {"mail": "daily"}}, Quiet(), [])
        notify(FOLLOWED, ines, "vote 1", link="/news/1", what="Vote <1>")
        notify(NEWS, ines, "article 1", what="Fair")
        frozen("2026-11-22T18:01")
        notify(FOLLOWED, ines, "vote 2", what="Vote 2")
    assert mails() == []
    morning("2026-11-23T05:59")
    assert mails() == []
    morning(MORNING)
    (mail,) = mails()
    text = mail["text"]
    assert mail["subject"] == "3 things that are new for you"
    assert (
        text.index("Votes and projects I follow") < text.index("About Vote <1>") < text.index("About Vote 2")
    )
    assert text.index("About Vote 2") < text.index("News") < text.index("About Fair")
    assert "About Vote &lt;1&gt;" in mail["html"]
    assert "List-Unsubscribe" in mail["headers"]
    morning("2026-11-24T06:00")
    assert len(mails()) == 1


def test_a_weekly_digest_waits_for_monday(person, in_city, mails, frozen, morning):
    frozen("2026-11-23T18:00")
    ines = person()
    with in_city():
        choices.save(ines, {"followed": {"mail": "weekly"}}, Quiet(), [])
        notify(FOLLOWED, ines, "vote 1", what="Vote")
    morning("2026-11-29T12:00")
    assert mails() == []
    morning("2026-11-30T06:00")
    assert len(mails()) == 1


def test_an_item_that_comes_while_a_digest_is_made_is_in_the_next(person, in_city, mails, frozen, morning):
    frozen("2026-11-23T05:59:59")
    ines = person()
    with in_city():
        notify(FOLLOWED, ines, "vote 1", what="Vote 1")
        # It takes its time to commit: the digest of that morning has been made by then.
        frozen("2026-11-23T06:00:01")
        notify(FOLLOWED, ines, "vote 2", what="Vote 2")
    morning("2026-11-23T06:05")
    morning("2026-11-24T06:00")
    assert ["Vote 1" in mail["text"] for mail in mails()] == [True, False]
    assert ["Vote 2" in mail["text"] for mail in mails()] == [False, True]


@pytest.mark.parametrize(
    ("rhythm", "leaves"), [("daily", MORNING), ("at_once", EVENING), ("weekly", MORNING), ("off", None)]
)
def test_what_waits_follows_a_change_of_mind(person, in_city, mails, frozen, morning, rhythm, leaves):
    frozen("2026-11-21T18:00")
    ines = person()
    with in_city():
        choices.save(ines, {"followed": {"mail": "weekly"}}, Quiet(), [])
        notify(FOLLOWED, ines, "vote 1", what="Vote")
    frozen(EVENING)
    with in_city():
        choices.save(ines, {"followed": {"mail": rhythm}}, Quiet(), [])
    sent = 0
    for moment in (EVENING, MORNING, "2026-11-30T06:00"):
        morning(moment)
        if moment == leaves:
            sent = 1
        assert len(mails()) == sent, moment


def test_a_digest_that_was_assigned_is_sent_by_whoever_comes_next(person, in_city, mails, frozen, morning):
    frozen(EVENING)
    ines = person()
    with in_city():
        notify(FOLLOWED, ines, "vote 1", what="Vote 1")
    frozen(MORNING)
    with in_city():
        # The worker that made it dies here: nothing asks for its sending.
        assert digests.make(now()) == 1
    with in_city():
        assert digests.make(now()) == 0
    morning("2026-11-23T06:20")
    assert [mail["subject"] for mail in mails()] == ["1 thing that is new for you"]
    with in_city():
        states = db.session.scalars(select(Delivery.state)).all()
    assert states == [State.HANDED_OVER, State.HANDED_OVER]


def test_a_digest_of_nothing_is_not_sent(person, in_city, mails, frozen, morning):
    frozen(EVENING)
    ines = person()
    with in_city():
        notify(FOLLOWED, ines, "vote 1", what="Vote 1")
    frozen(MORNING)
    with in_city():
        digests.make(now())
        gone = select(Delivery).where(Delivery.notification_id.is_not(None))
        db.session.delete(db.session.scalars(gone).one())
    morning(MORNING)
    assert mails() == []


def test_each_person_gets_a_digest_of_her_own(person, in_city, mails, frozen, morning, monkeypatch):
    monkeypatch.setattr("app.notify.digests.MOST", 2)
    frozen(EVENING)
    people = {f"p{number}@example.org": person(f"p{number}@example.org") for number in range(5)}
    with in_city():
        for email, ident in people.items():
            notify(FOLLOWED, ident, "vote 1", what=email)
            notify(REQUEST, ident, "lamp 1", what="Lamp")
    morning(MORNING)
    found = {mail["recipient"]: mail["text"] for mail in mails() if "new for you" in mail["subject"]}
    assert found.keys() == people.keys()
    assert all(text.count("About p") == 1 and f"About {email}" in text for email, text in found.items())
