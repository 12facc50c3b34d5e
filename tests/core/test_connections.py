import dataclasses

import pytest
from sqlalchemy import text

from app.core import jobs
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.ids import new_short_id
from app.factory import create_app
from tenants import resolve, schema
from tenants.models import CityRecord


@pytest.fixture
def server_process(app, services):
    """Say which of the server's processes answers a city, in a deployment whose connections serve two cities."""
    bounded = create_app(dataclasses.replace(services, cities_per_connection=2))
    jobs.discard_nudges()

    def ask(slug):
        with bounded.app_context(), serving(resolve.city_by_slug(slug)):
            found = db.session.scalar(text("SELECT pg_backend_pid()"))
            end_transaction(keep=True)
        return found

    return ask


def test_a_connection_that_has_served_many_cities_is_replaced(server_process, third_city):
    first = server_process("paris")
    assert [server_process(slug) for slug in ("budapest", "paris", third_city)] == [first] * 3
    assert server_process("paris") != first


@pytest.fixture
def third_city(app):
    """A third city, which shares the schema of none."""
    city_id = new_short_id()
    with app.app_context():
        schema.create(f"c_{city_id}")
        record = db.session.get_one(CityRecord, "testparis")
        facts = {c.name: getattr(record, c.name) for c in CityRecord.__table__.columns}
        db.session.add(CityRecord(**{**facts, "id": city_id, "slug": "third"}))
        resolve.change()
        end_transaction(keep=True)
    return "third"
