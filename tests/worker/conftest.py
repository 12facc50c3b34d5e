import pytest
from sqlalchemy import insert, text

from app.core import redis
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.ids import new_id
from app.core.jobs import Lane, outbox
from tenants import resolve, schema
from tenants.models import CityRecord, CityState
from worker.celery_app import make_celery, prefix_of

MANY = """
INSERT INTO shared.outbox (city, task, ids, due_at, lane, ready)
SELECT :city, 'mail.deliver', jsonb_build_object('mail_id', gen_random_uuid()), now(), 'prompt', true
FROM generate_series(1, :number)
"""


@pytest.fixture
def celery(app):
    config = app.config["PARVIS"]
    return make_celery(config.redis_url, prefix_of(str(config.database.database)))


@pytest.fixture
def work(app):
    """Put work for a city into the outbox as its pages would: mails that are not there any more."""

    def put(city, number=1, lane=Lane.PROMPT):
        row = {"task": "mail.deliver", "due_at": now(), "lane": lane, "ready": True}
        with app.app_context():
            if number > 1000:
                with schema.owner_transaction() as owner:
                    owner.execute(text(MANY), {"city": city, "number": number})
                return
            for _ in range(number):
                values = {**row, "city": city, "ids": {"mail_id": str(new_id())}}
                db.session.execute(
                    insert(outbox).inline().values(values), bind_arguments={"bind": db.engines["platform"]}
                )
            end_transaction(keep=True)

    return put


@pytest.fixture
def towns(app):
    """Enter more cities, of which nothing but their rows is there."""

    def enter(*ids):
        with app.app_context():
            for ident in ids:
                record = CityRecord(
                    id=ident, slug=ident, name=ident.title(), state=CityState.LIVE, languages=["en"],
                    tagline={}, created_at=now(),
                )  # fmt: skip
                db.session.add(record)
            resolve.change()
            end_transaction(keep=True)

    return enter


@pytest.fixture
def set_state(app):
    """Put a city into another state."""

    def put(ident, state):
        with app.app_context():
            db.session.get_one(CityRecord, ident).state = state
            resolve.change()
            end_transaction(keep=True)

    return put


@pytest.fixture
def waiting(app):
    """How many tasks of a lane lie in the broker."""

    def count(lane=Lane.PROMPT):
        with app.app_context():
            return redis.client().llen(redis.key(f"celery:{lane.queue}"))

    return count
