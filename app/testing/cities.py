"""Two cities that tests find as they were made: paris and budapest, with every module switched on."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import psycopg
from flask import Flask

from app.core.clock import now
from app.core.db import db, end_transaction
from app.registry import modules
from tenants import resolve, schema, setup
from tenants.models import CityRecord, CityState, ModuleToggle

_EMPTY = """
DO $$ DECLARE t record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR t IN SELECT schemaname AS s, tablename AS n FROM pg_tables
    WHERE (schemaname IN ('platform', 'shared') OR schemaname LIKE 'c\\_%') AND tablename <> 'module_revision'
  LOOP EXECUTE format('DELETE FROM %I.%I', t.s, t.n); END LOOP;
END $$
"""
_OTHER_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'c\\_%%' AND nspname <> ALL(%s)"
_connections: WeakKeyDictionary[Flask, psycopg.Connection[tuple[str, ...]]] = WeakKeyDictionary()
"""One that stays open for each application: a new one would read anew what every table is like."""


@dataclass(frozen=True, slots=True)
class Made:
    """How one of the two cities is made."""

    id: str
    slug: str
    name: str
    languages: tuple[str, ...]
    time_zone: str
    currency: str
    brand: str


CITIES = (
    Made("testparis", "paris", "Paris", ("fr", "en", "hu", "es"), "Europe/Paris", "EUR", "#14387f"),
    Made(
        "testbudapest", "budapest", "Budapest", ("hu", "en", "fr", "es"), "Europe/Budapest", "HUF", "#00695c"
    ),
)


def make_schemas(app: Flask) -> None:
    """Prepare the database and make the two cities' schemas with the tables of every module."""
    with app.app_context():
        setup.prepare(lambda _line: None)
        for city in CITIES:
            schema.create(f"c_{city.id}", modules())


def fresh(app: Flask) -> None:
    """Empty every table, drop cities that a test made, and enter the two cities anew."""
    with app.app_context():
        for name in _emptied(app):
            schema.drop(name)
        for city in CITIES:
            _enter(city)
        resolve.change()
        end_transaction(keep=True)


def _emptied(app: Flask) -> list[str]:
    """Empty every table and return the schemas that a test made."""
    kept = [f"c_{city.id}" for city in CITIES]
    for _try in range(2):
        connection = _connections.get(app)
        if connection is None:
            connection = _connections[app] = _connect(app)
        try:
            connection.execute(_EMPTY)
            return [row[0] for row in connection.execute(_OTHER_SCHEMAS, (kept,))]
        except psycopg.OperationalError:
            # A test that ends every connection ends this one, too.
            del _connections[app]
    raise RuntimeError("the tables of the tests could not be emptied")


def _connect(app: Flask) -> psycopg.Connection[tuple[str, ...]]:
    url = app.config["PARVIS"].database.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True, application_name="the tables of tests")


def _enter(city: Made) -> None:
    db.session.add(
        CityRecord(
            id=city.id,
            slug=city.slug,
            name=city.name,
            state=CityState.LIVE,
            published=True,
            languages=list(city.languages),
            time_zone=city.time_zone,
            currency=city.currency,
            brand=city.brand,
            hero="skyline",
            tagline={},
            contact_email=f"hello@{city.slug}.example",
            created_at=now(),
        )
    )
    db.session.flush()
    for module in modules():
        db.session.add(ModuleToggle(city_id=city.id, module=module, on=True, changed_at=now(), changed_by=""))
