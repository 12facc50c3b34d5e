from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.context import CityState
from app.core.db import db
from app.core.errors import Conflict, Invalid
from tenants import addresses, lifecycle, operations
from tenants.erasure.erase import erase, find
from tenants.erasure.scheduling import EXPORTED, cancel_erasure, release, schedule_erasure
from tenants.journal import note
from tenants.models import CityRecord, OperationState
from tests.tenants.erasure.conftest import MAYOR
from tests.tenants.life.acts import operating
from worker import schedule
from worker.run import run

REASON = "The city has chosen another platform."


@pytest.fixture
def scheduled(app, atlantis):
    with operating(app, "atlantis") as record:
        schedule_erasure(record, reason=REASON)
    return atlantis


@pytest.fixture
def tick(app, run_tasks):
    """Let the schedule put what is due into the outbox, and do it."""

    def act():
        schedule._last_filled.clear()
        schedule.fan_out(app)
        return run_tasks()

    return act


def state_of(app, slug="atlantis"):
    with app.app_context():
        return db.session.scalar(select(CityRecord.state).where(CityRecord.slug == slug))


def newest(mails):
    return [mail for mail in mails() if mail["recipient"] == MAYOR][-1]


def test_a_city_that_is_to_be_erased_is_closed_at_once(app, scheduled, site):
    assert state_of(app) is CityState.ERASING
    assert site("atlantis").get("/sign-in").status_code >= 400


def test_its_administrators_are_told_when_and_how_to_stop_it(app, atlantis, mails, frozen, monkeypatch):
    contact = replace(app.config["PARVIS"], operator_contact="office@platform.example")
    monkeypatch.setitem(app.config, "PARVIS", contact)
    frozen("2026-12-01T10:00")
    with operating(app, "atlantis") as record:
        schedule_erasure(record, reason=REASON)
    mail = newest(mails)
    assert mail["subject"] == "Poseidonia will be erased on December 31, 2026"
    assert REASON in mail["text"]
    assert "office@platform.example" in mail["text"]
    assert mail["language"] == "en"


def test_they_are_told_once_however_often_the_task_runs(app, scheduled, mails):
    before = len(mails())
    run(app, "platform.announce_erasure", None, {"city_id": scheduled})
    assert len(mails()) == before


def test_it_can_be_kept_until_the_day_and_is_as_before(app, scheduled, site, mails, frozen):
    with operating(app, "atlantis") as record:
        cancel_erasure(record)
        assert (record.erase_at, record.state_before) == (None, "")
    assert state_of(app) is CityState.LIVE
    assert site("atlantis").get("/sign-in").status_code == 200
    assert "is not erased" in newest(mails)["subject"]


def test_a_suspended_city_that_is_kept_stays_suspended(app, atlantis):
    with operating(app, "atlantis") as record:
        lifecycle.suspend(record, "No contract.")
    with operating(app, "atlantis") as record:
        schedule_erasure(record, reason=REASON)
    with operating(app, "atlantis") as record:
        cancel_erasure(record)
        assert record.state_reason == "No contract."
    assert state_of(app) is CityState.SUSPENDED


def test_what_is_not_to_be_erased_can_be_neither_kept_nor_erased(app, atlantis):
    with operating(app, "atlantis") as record, pytest.raises(Conflict):
        cancel_erasure(record)
    with app.app_context(), pytest.raises(Conflict):
        erase(atlantis)
    assert state_of(app) is CityState.LIVE


def test_it_needs_a_reason_and_is_closed_once(app, scheduled):
    with operating(app, "paris") as record, pytest.raises(Invalid):
        schedule_erasure(record, reason=" ")
    with operating(app, "atlantis") as record, pytest.raises(Conflict):
        schedule_erasure(record, reason=REASON)
    assert state_of(app, "paris") is CityState.LIVE


def test_nothing_is_erased_before_the_day(app, scheduled, tick):
    assert "platform.operate" not in tick()
    with app.app_context(), pytest.raises(Conflict, match="grace"):
        erase(scheduled)
    assert state_of(app) is CityState.ERASING


def test_a_worker_erases_it_on_the_day(app, scheduled, tick, frozen):
    frozen(now() + timedelta(days=30, minutes=1))
    done = tick()
    assert "platform.operate" in done
    assert state_of(app) is None
    with app.app_context():
        assert find(scheduled).erased_at is not None
        assert [o.state for o in operations.latest(scheduled)] == [OperationState.DONE]
        assert operations.latest(scheduled)[0].outcome["sha256"] == find(scheduled).certificate["sha256"]
    assert "platform.operate" not in tick()


def test_its_addresses_are_nobody_elses_for_a_year(app, scheduled, frozen):
    with operating(app, "atlantis") as record:
        record.erase_at = now()
    with app.app_context():
        erase(scheduled)
        assert not addresses.is_free("atlantis")
    frozen(now() + timedelta(days=366))
    with app.app_context():
        assert addresses.is_free("atlantis")


def test_at_once_needs_the_address_and_an_export(app, atlantis):
    with operating(app, "atlantis") as record:
        with pytest.raises(Invalid, match="atlantis"):
            release(record, reason=REASON, typed="paris")
        with pytest.raises(Conflict, match="Export"):
            release(record, reason=REASON, typed="atlantis")
        note(EXPORTED, atlantis)
        release(record, reason=REASON, typed="Atlantis")
        assert record.erase_at <= now()


def test_the_time_of_grace_can_be_cut_short(app, scheduled):
    with operating(app, "atlantis") as record:
        release(record, reason="", typed="atlantis", without_export=True)
    with app.app_context():
        assert erase(scheduled)["content"]["asked_by"] == "operator 7"
    assert state_of(app) is None
