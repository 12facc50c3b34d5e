"""Cities at whatever revisions, under code at whatever revisions."""

import itertools
import shutil
from pathlib import Path

import pytest

from app.core.clock import now
from app.core.db import db, end_transaction
from tenants import owner, schema
from tenants.migrate import crowd, plan
from tenants.migrate.crowd import Wish
from tenants.models import CityRecord, CityState

HISTORIES = Path(__file__).parents[2] / "fixtures" / "histories"
NEWEST = {"grove": 4, "pond": 2}
# The newest of the base tables' own history.
CITY = int(plan.heads(["city"])["city"][-4:])
_numbers = itertools.count(1)


@pytest.fixture
def code_at(app, tmp_path):
    """Give the process the first so many revisions of grove and pond, as if it were of that version."""

    def give(**numbers):
        for module, number in {**NEWEST, **numbers}.items():
            folder = tmp_path / f"{module}-{number}"
            if not folder.exists():
                folder.mkdir()
                for file in sorted((HISTORIES / module).glob("0*.py"))[:number]:
                    shutil.copy(file, folder)
            plan.register(module, folder)

    give()
    yield give
    for module in NEWEST:
        plan._module_folders.pop(module, None)


@pytest.fixture
def town(app, code_at):
    """Make a city at the revisions named, `town(grove=2)`; returns its id."""

    def make(slug=None, *, state=CityState.LIVE, city=CITY, **numbers):
        city_id = slug or f"town{next(_numbers)}"
        at = {"city": f"city_{city:04}", **{name: f"{name}_{n:04}" for name, n in numbers.items() if n}}
        with app.app_context():
            schema.create(f"c_{city_id}", at=at)
            row = {"name": city_id.title(), "languages": ["en"], "tagline": {}, "created_at": now()}
            db.session.add(CityRecord(id=city_id, slug=city_id, state=state, **row))
            end_transaction(keep=True)
        return city_id

    return make


@pytest.fixture
def ask(app):
    """Ask the database as its owner: `ask("SELECT …")` returns the rows."""

    def execute(statement, *values):
        with app.app_context(), owner.connect(owner.address()) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    return execute


@pytest.fixture
def migrate(app):
    """Bring the cities up to date: `migrate(workers=4)` takes what a Wish takes."""

    def run(watch=lambda _report: None, **wish):
        with app.app_context():
            return crowd.migrate(owner.address(), Wish(**{"lock_timeout": "300ms", **wish}), watch)

    return run


@pytest.fixture
def at(ask):
    """Return what a city says it is at."""

    def read(city_id):
        return dict(ask(f'SELECT module, revision FROM "c_{city_id}".module_revision'))

    return read


@pytest.fixture
def copy_of(ask):
    """Return what the platform's copy says of a city: revisions, and why it failed."""

    def read(city_id):
        found = ask("SELECT revisions, error FROM platform.city_revision WHERE city_id = %s", city_id)
        return found[0] if found else None

    return read


@pytest.fixture
def catalog(ask):
    """Return columns, indexes, constraints and rights of a city's tables, without the city's name."""

    def read(city_id):
        name = f"c_{city_id}"
        facts = ask(CATALOG, *[name] * 4)
        return sorted(str(fact).replace(name, "SCHEMA") for fact in facts)

    return read


CATALOG = """
SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
       pg_get_expr(d.adbin, d.adrelid)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = %s
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
FROM pg_constraint WHERE connamespace = to_regnamespace(%s)
UNION ALL SELECT 'rights', relname, relkind::text, relacl::text, relowner::regrole::text, ''
FROM pg_class WHERE relnamespace = to_regnamespace(%s)
"""
