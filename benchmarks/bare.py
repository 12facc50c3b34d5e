"""Cities with nothing in them, made in bulk; what is measured is made by the product's own road."""

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import insert

from app.core.clock import now
from app.core.db import db
from benchmarks.cities import city_id, schema_of, slug_of
from benchmarks.measuring import progress
from benchmarks.peer.tenants import name_of
from tenants import owner
from tenants.migrate import plan, replay
from tenants.models import CityRecord, CityState

AT_ONCE = 200


def make(app: Flask, numbers: range, used: Sequence[str]) -> None:
    """Make the cities with these numbers, with the tables of the modules in `used`, in schemas and in the registry."""
    web = str(app.config["PARVIS"].web_database.username)
    with app.app_context(), owner.connect(owner.address()) as connection:
        ends = plan.heads(plan.owners_of(used))
        for index in progress(numbers, len(numbers), "cities"):
            replay.create(connection, schema_of(int(str(index))), web, ends)
        rows = [_row(index) for index in numbers]
        with db.engines["platform"].begin() as platform:
            for first in range(0, len(rows), AT_ONCE):
                platform.execute(insert(CityRecord), rows[first : first + AT_ONCE])
        connection.execute("VACUUM ANALYZE platform.city, platform.city_revision")


def _row(index: int) -> dict[str, object]:
    return {
        "id": city_id(index),
        "slug": slug_of(index),
        "name": name_of(index),
        "state": CityState.LIVE,
        "languages": ["en"],
        "tagline": {},
        "created_at": now(),
    }
