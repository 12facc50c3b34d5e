from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.db import db, end_transaction
from tenants import operations, schema
from tenants.erasure.certificate import is_genuine
from tenants.erasure.erase import find
from tenants.erasure.scheduling import schedule_erasure
from tenants.models import CityRecord
from tests.deployment import eventually, kill
from worker.nudge import nudge

pytestmark = pytest.mark.slow

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DROP SCHEMA%'"
LEFT = """
SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'c_' || :id),
       (SELECT count(*) FROM pg_roles WHERE rolname = 'c_' || :id),
       (SELECT count(*) FROM platform.city WHERE id = :id),
       (SELECT count(*) FROM platform.module_toggle WHERE city_id = :id)
"""


@pytest.fixture
def platform(deployment):
    """Ask the database as its owner."""

    def ask(statement, **values):
        with deployment.app.app_context(), schema.owner_transaction() as owner:
            return owner.execute(text(statement), values).one()

    return ask


@pytest.fixture
def leaving(deployment):
    """A city whose time of grace is over; returns its id."""
    deployment.make_city("goner", "Goner", modules=["news"])
    with deployment.look("goner") as city:
        city_id = city.id
    with deployment.app.app_context():
        schedule_erasure(db.session.get_one(CityRecord, city_id), reason="Left.", grace=timedelta(0))
        end_transaction(keep=True)
    return city_id


def certificate_of(deployment, city_id):
    with deployment.app.app_context():
        found = find(city_id)
        return found.certificate if found is not None and found.erased_at is not None else None


def test_a_city_whose_worker_is_killed_while_it_is_erased_goes_whole(deployment, platform, leaving):
    with deployment.app.app_context(), schema.owner_transaction() as busy:
        busy.execute(text(f'SELECT * FROM "c_{leaving}".news_article'))
        operations.ask("erase", leaving)
        end_transaction(keep=True)
        nudge()
        eventually(lambda: platform(WAITING)[0], what="the schema's turn")
        kill(deployment.worker)
    assert tuple(platform(LEFT, id=leaving)) == (1, 1, 1, 1)
    deployment.worker.start()

    eventually(lambda: certificate_of(deployment, leaving), seconds=60, what="the certificate")
    assert tuple(platform(LEFT, id=leaving)) == (0, 0, 0, 0)
    with deployment.app.app_context():
        assert is_genuine(certificate_of(deployment, leaving))
