"""An erasure that is killed, or finds something in its way, is finished by the next one."""

import pytest
from sqlalchemy import text

from app.core import redis
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict
from tenants import schema
from tenants.erasure import erase as erasing
from tenants.erasure import folders
from tenants.erasure.certificate import is_genuine
from tenants.erasure.erase import erase, find
from tenants.erasure.scheduling import cancel_erasure, due
from tenants.models import CityRecord
from tenants.operations import alone
from tests.tenants.erasure.conftest import broker
from tests.tenants.life.acts import operating


class Killed(BaseException):
    """What a worker's end looks like from inside."""


def die(*_args, **_kwargs):
    raise Killed


STEPS = ("_empty_database", "_empty_elsewhere", "_certified")


@pytest.mark.parametrize("step", STEPS)
def test_killed_before_any_step_it_goes_on(app, closed, monkeypatch, search, step):
    monkeypatch.setattr(erasing, step, die)
    with app.app_context(), pytest.raises(Killed):
        erase(closed)
    with app.app_context():
        assert closed in due(now())
    monkeypatch.undo()

    with app.app_context():
        signed = erase(closed, everywhere=True)
        assert is_genuine(signed)
        assert find(closed).erased_at is not None
        assert due(now()) == []
    removed = signed["content"]["removed"]
    assert removed["rows of the city's tables"]["news_article"] == 1
    assert removed["rows of the platform's tables"]["signup"] == 1
    assert set(search(closed)) == {"platform.erasure", "platform.audit_entry"}


def test_the_database_goes_whole_or_not_at_all(app, closed, monkeypatch):
    monkeypatch.setattr(schema, "drop_with", die)
    with app.app_context(), pytest.raises(Killed):
        erase(closed)
    with app.app_context(), schema.owner_transaction() as owner:
        assert (
            owner.scalar(text("SELECT count(*) FROM platform.signup WHERE city_id = :id"), {"id": closed})
            == 1
        )
        assert owner.scalar(text(f'SELECT count(*) FROM "c_{closed}".news_article')) == 1


def test_once_begun_it_cannot_be_stopped(app, closed, monkeypatch):
    monkeypatch.setattr(erasing, "_empty_database", die)
    with app.app_context(), pytest.raises(Killed):
        erase(closed)
    with operating(app, "atlantis") as record, pytest.raises(Conflict, match="too late"):
        cancel_erasure(record)


def test_while_somebody_uses_a_table_it_waits_and_then_leaves_all_as_it_is(app, closed, monkeypatch):
    with app.app_context(), schema.owner_transaction() as busy:
        busy.execute(text(f'SELECT * FROM "c_{closed}".news_article'))
        monkeypatch.setattr("tenants.migrate.replay.LOCK_TIMEOUT", "200ms")
        with pytest.raises(Exception, match="lock"):
            erase(closed)
    with app.app_context():
        assert db.session.get(CityRecord, closed) is not None
        assert is_genuine(erase(closed))


def test_two_do_not_erase_the_same_city(app, closed):
    with app.app_context(), alone(f"erase {closed}"), pytest.raises(Conflict, match="at this moment"):
        erase(closed)


def test_what_is_left_is_not_certified(app, closed, monkeypatch):
    monkeypatch.setattr(folders, "remove", lambda _marks: None)
    monkeypatch.setattr(erasing, "PAUSES", (0.0,))
    with app.app_context(), pytest.raises(Conflict, match="files: 2"):
        erase(closed)
    monkeypatch.undo()
    with app.app_context():
        assert find(closed).erased_at is None
        assert is_genuine(erase(closed))


def test_what_a_late_task_leaves_is_swept_up(app, closed, monkeypatch):
    """A task that had begun before may put something into the outbox or the queue after the schema is gone."""
    real = erasing._empty_database

    def late(marks, operation_id):
        real(marks, operation_id)
        with schema.owner_transaction() as owner:
            owner.execute(
                text(
                    "INSERT INTO shared.outbox (city, task, ids, due_at) VALUES (:c, 'mail.deliver', '{}', now())"
                ),
                {"c": marks.schema},
            )
        broker(app).send_task("mail.deliver", headers={"city": marks.schema})

    monkeypatch.setattr(erasing, "_empty_database", late)
    with app.app_context():
        assert set(erase(closed)["content"]["found"].values()) == {0}


def test_what_another_process_tells_a_moment_later_is_removed(app, closed, monkeypatch):
    """Processes keep counts for two seconds before they tell Redis."""
    real, told = erasing._empty_elsewhere, []

    def tells_late(marks, operation_id):
        real(marks, operation_id)
        if not told:
            told.append(redis.client().hset(redis.key("use"), f"2026-11-22 {closed} requests", 1))

    monkeypatch.setattr(erasing, "_empty_elsewhere", tells_late)
    monkeypatch.setattr(erasing, "PAUSES", (0.0, 0.0))
    with app.app_context():
        assert set(erase(closed)["content"]["found"].values()) == {0}
    assert told == [1]
