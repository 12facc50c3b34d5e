"""Cities to measure with: made by the product itself, all with the content of one demonstration city."""

import sys
from collections.abc import Sequence

import psycopg
from flask import Flask

from app.core import config, jobs
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.quotas import Resource
from app.factory import create_app
from app.registry import modules, reload_modules
from benchmarks.measuring import progress, say
from benchmarks.peer.tenants import host_of, name_of
from benchmarks.servers import Servers
from benchmarks.services import rows, write_modules
from devstack.demo import content
from devstack.demo.load import load
from tenants import resolve, schema, setup
from tenants.models import CityRecord, CityState, ModuleToggle, Quota

DEMO = "paris"
# More than any measurement asks for, of one city in a minute.
MOST_REQUESTS = 10**9
USED = ("news", "participatory_budget", "service00")
_COLUMNS = """
SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_schema = %s AND is_generated = 'NEVER' AND table_name <> 'module_revision'
  AND to_regclass(%s || '.' || quote_ident(table_name)) IS NOT NULL GROUP BY table_name
"""


def prepare(servers: Servers) -> Flask:
    """Make the database ready and return the application, with the services of the benchmark among its modules."""
    sys.path.insert(0, str(write_modules(servers.folder)))
    reload_modules()
    app = create_app(config.read(servers.environment))
    jobs.discard_nudges()
    with app.app_context():
        setup.prepare(lambda _line: None)
    return app


def make(app: Flask, servers: Servers, number: int, *, used: Sequence[str] = USED) -> None:
    """Make cities until there are `number`: schema, tables and row of each, then the rows of its modules."""
    pattern = _pattern(app)
    with psycopg.connect(servers.plain_url(servers.postgres.dbname), autocommit=True) as connection:
        found = connection.execute("SELECT count(*) FROM platform.city WHERE slug <> %s", (DEMO,)).fetchone()
        have = found[0] if found else 0
        for index in progress(range(have, number), number - have, "cities"):
            _make(app, index, used)
            _copy(connection, pattern, index)
            services = [name for name in used if name.startswith("service")]
            connection.execute(rows.fill(schema_of(index), name_of(index), services).encode())
        connection.execute("VACUUM ANALYZE platform.city, platform.module_toggle")


def schema_of(index: int) -> str:
    """Return the schema of the city with this number."""
    return f"c_{city_id(index)}"


def city_id(index: int) -> str:
    """Return the id of the city with this number."""
    return f"bench{index:05}"


def slug_of(index: int) -> str:
    """Return the web address of the city with this number."""
    return host_of(index).partition(".")[0]


def _make(app: Flask, index: int, used: Sequence[str]) -> None:
    look = _look()
    with app.app_context():
        schema.create(schema_of(index), [name for name in modules() if name in used])
        db.session.add(
            CityRecord(
                id=city_id(index),
                slug=slug_of(index),
                name=name_of(index),
                state=CityState.LIVE,
                published=True,
                languages=list(look.languages),
                time_zone=look.time_zone,
                currency=look.currency,
                brand=look.brand,
                hero=look.hero,
                tagline={code: f"{words}, {name_of(index)}" for code, words in look.tagline.items()},
                contact_email=look.contact_email,
                created_at=now(),
            )
        )
        db.session.flush()
        db.session.add(Quota(city_id=city_id(index), resource=Resource.REQUESTS, most=MOST_REQUESTS))
        for name in used:
            row = ModuleToggle(city_id=city_id(index), module=name, on=True, changed_at=now(), changed_by="")
            db.session.add(row)
        resolve.change()
        end_transaction(keep=True)


def _pattern(app: Flask) -> str:
    """Return the schema of the demonstration city, which is made unless it is there."""
    load(app, _look(), say)
    with app.app_context():
        city = resolve.city_by_slug(DEMO)
        end_transaction(keep=True)
    assert city is not None
    return city.schema


def _look() -> content.DemoCity:
    return next(city for city in content.cities() if city.slug == DEMO)


def _copy(connection: psycopg.Connection[tuple[object, ...]], pattern: str, index: int) -> None:
    """Copy every row of the demonstration city into this one's tables."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table, columns in connection.execute(_COLUMNS, (pattern, schema_of(index))).fetchall():
            connection.execute(
                f'INSERT INTO "{schema_of(index)}"."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
                f' SELECT {columns} FROM "{pattern}"."{table}"'.encode()
            )
