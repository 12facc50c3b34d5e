"""What this part keeps about people, hands over, lets go of and removes at night."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db
from app.core.people import HOLDINGS
from app.notify import choices, digests
from app.notify.choices import Quiet
from app.notify.models import Choice, Delivery, Follow, Notification
from app.notify.rules import State
from app.notify.telling import notify
from tests.notify.conftest import FOLLOWED, REQUEST

OURS = ("platform.notifications", "platform.deliveries", "platform.choices_of_notifications")


@pytest.fixture
def ines(person, in_city, run_tasks, frozen):
    """Somebody who chose, follows and was told something, and somebody else beside her."""
    frozen("2026-11-22T10:00")
    ines, other = person(), person("other@example.org")
    with in_city():
        for each in (ines, other):
            choices.save(each, {"news": {"mail": "weekly"}}, Quiet(3, 4), [])
            db.session.add(Follow(subject="budget:edition:1", account_id=each, created_at=now()))
            notify(REQUEST, each, "lamp", link="/news/", what="Lamp")
            notify(FOLLOWED, each, "vote", what="Vote")
    run_tasks()
    return ines


def sizes():
    return [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Notification, Delivery, Choice, Follow)
    ]


def test_everything_that_is_kept_is_handed_over(ines, in_city):
    with in_city():
        found = {name: list(HOLDINGS[name].collect(ines)) for name in OURS}
    assert {record["kind"] for record in found[OURS[0]]} == {REQUEST, FOLLOWED}
    assert {record["state"] for record in found[OURS[1]]} <= {"handed_over", "gathered", "waiting"}
    assert found[OURS[2]][0]["topics"] == {"news": {"mail": "weekly"}}
    assert found[OURS[2]][1]["follows"] == "budget:edition:1"


def test_who_leaves_takes_everything_along_and_nobody_elses(ines, in_city):
    with in_city():
        before = sizes()
        for name in OURS:
            HOLDINGS[name].erase(ines)
    with in_city():
        assert sizes() == [each // 2 for each in before]
        assert all(list(HOLDINGS[name].collect(ines)) == [] for name in OURS)


def test_what_left_is_removed_after_30_days_and_what_waits_is_not(ines, in_city, frozen):
    frozen(now() + timedelta(days=31))
    with in_city():
        left = sum(each.done_at is not None for each in db.session.scalars(select(Delivery)))
        removed = HOLDINGS["platform.deliveries"].retain(now())
        assert removed == left == 2
        assert all(each.done_at is None for each in db.session.scalars(select(Delivery)))


def test_the_inbox_is_emptied_in_time(ines, in_city):
    inbox = HOLDINGS["platform.notifications"]
    with in_city():
        assert inbox.retain(now() + timedelta(days=364)) == 0
        # What waits for a digest is kept until it has left.
        assert inbox.retain(now() + timedelta(days=366)) == 2


@pytest.mark.parametrize(("state", "days"), [(State.DROPPED, 31), (State.DEAD, 91)])
def test_what_was_in_a_digest_that_never_left_goes_with_it(ines, in_city, state, days):
    with in_city():
        moment = now() + timedelta(days=8)
        assert digests.make(moment) == 2
        waiting = select(Delivery).where(Delivery.notification_id.is_(None))
        for digest in db.session.scalars(waiting):
            digest.state, digest.done_at = state, moment
        inside = select(func.count()).select_from(Delivery).where(Delivery.state == State.IN_DIGEST)
        assert db.session.scalar(inside) == 2
        holding = HOLDINGS["platform.deliveries"]
        holding.retain(moment + timedelta(days=days - 2))
        assert db.session.scalar(inside) == 2
        assert holding.retain(moment + timedelta(days=days)) >= 4
        assert db.session.scalar(inside) == 0
