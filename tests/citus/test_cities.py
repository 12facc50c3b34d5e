"""The life of cities on a Citus cluster: made, used, migrated, taken out, put back and erased."""

import json
from zipfile import ZipFile

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.accounts.models import Account, Role
from app.accounts.services import create_confirmed
from app.cli import main
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.registry import modules
from tenants import resolve, schema, toggles
from tenants.migrate import plan
from tenants.models import CityRecord, CityState

pytestmark = pytest.mark.slow
CITIES = ("eastville", "westville", "midville")


@pytest.fixture
def parvis(citus_app):
    """Run the command and return what it prints as JSON."""

    def run(*words):
        done = CliRunner().invoke(main, [*map(str, words), "--json"], obj=lambda: citus_app)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


@pytest.fixture
def made(citus_app, parvis):
    """Three cities with tables of every module, the first at an older revision of its base tables."""
    with citus_app.app_context():
        for city_id in CITIES:
            at = {"city": "city_0001"} if city_id == CITIES[0] else None
            schema.create(f"c_{city_id}", () if at else modules(), at=at)
            row = {"name": city_id.title(), "languages": ["en"], "tagline": {}, "created_at": now()}
            db.session.add(CityRecord(id=city_id, slug=city_id, state=CityState.LIVE, **row))
        resolve.change()
        end_transaction(keep=True)
    yield CITIES
    with citus_app.app_context():
        for city_id in CITIES:
            schema.drop(f"c_{city_id}")
            db.session.query(CityRecord).filter_by(id=city_id).delete()
        resolve.change()
        end_transaction(keep=True)


def people_of(app, city_id):
    with app.app_context(), serving(resolve.city_by_id(city_id)):
        found = sorted(db.session.scalars(db.select(Account.email)))
        end_transaction(keep=True)
    return found


def sign_up(app, city_id, email):
    with app.app_context(), serving(resolve.city_by_id(city_id)):
        create_confirmed(email, "Ada", role=Role.RESIDENT, language="en")
        end_transaction(keep=True)


def rows_in(archive):
    """Return the rows of every table in an archive; the city's address stands elsewhere in it."""
    with ZipFile(archive) as opened:
        tables = [name for name in opened.namelist() if name.endswith((".csv", ".jsonl"))]
        return {name: opened.read(name).decode() for name in tables}


def erase(parvis, city_id, address):
    parvis("city", "erase", city_id, "--now", "--confirm", address, "--without-export", "--reason", "A test")


def ask(node, statement):
    return node.psql(statement, node.dbname).splitlines()


def test_each_city_lies_whole_on_one_of_the_machines(cluster, made):
    schemas = ask(cluster["coordinator"], "SELECT schema_name FROM citus_schemas ORDER BY 1")
    assert schemas == sorted(f"c_{city_id}" for city_id in made)
    holders = "SELECT count(DISTINCT nodename) FROM citus_shards WHERE table_name::text LIKE '%eastville%'"
    assert ask(cluster["coordinator"], holders) == ["1"]


def test_a_city_works_alone(citus_app, parvis, made):
    parvis("migrate")
    for city_id in made:
        sign_up(citus_app, city_id, f"ada@{city_id}.example")
    assert [people_of(citus_app, city_id) for city_id in made] == [[f"ada@{c}.example"] for c in made]
    with citus_app.app_context(), serving(resolve.city_by_id(made[0])):
        with pytest.raises(ProgrammingError, match="permission denied"):
            db.session.execute(text(f"SELECT email FROM c_{made[1]}.account"))
        end_transaction(keep=False)


def test_an_older_city_is_migrated_and_gets_modules(citus_app, parvis, made):
    parvis("migrate")
    with citus_app.app_context():
        city = resolve.city_by_id(made[0])
        with serving(city):
            toggles.switch_on(city, list(modules()))
            end_transaction(keep=True)
        expected = plan.all_heads()
        with schema.owner_transaction() as connection:
            found = connection.execute(text(f"SELECT module, revision FROM c_{made[0]}.module_revision"))
            assert dict(found.tuples().all()) == expected
    assert parvis("migrate", "--dry-run")


def test_a_city_is_taken_out_and_put_back_row_for_row(citus_app, parvis, made, tmp_path):
    city_id = made[1]
    sign_up(citus_app, city_id, "grace@westville.example")
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    parvis("city", "export", city_id, "-o", first)
    restored = parvis("city", "restore", first, "--address", "newville")
    parvis("city", "export", "newville", "-o", second)
    assert rows_in(first) == rows_in(second)
    assert any("grace@westville.example" in rows for rows in rows_in(first).values())
    erase(parvis, restored["city"], "newville")


def test_nothing_of_an_erased_city_is_left_on_any_machine(cluster, citus_app, parvis, made):
    city_id = made[2]
    sign_up(citus_app, city_id, "ada@midville.example")
    erase(parvis, city_id, city_id)
    for node in cluster.values():
        assert ask(node, f"SELECT nspname FROM pg_namespace WHERE nspname = 'c_{city_id}'") == []
        assert ask(node, f"SELECT rolname FROM pg_roles WHERE rolname = 'c_{city_id}'") == []


def test_cities_signed_in_by_their_own_role_have_no_password(cluster, made):
    node = cluster["coordinator"]
    with psycopg.connect(node.url.replace("postgresql+psycopg", "postgresql")) as connection:
        kept = connection.execute(
            "SELECT rolcanlogin, rolpassword IS NULL FROM pg_authid WHERE rolname = %s", (f"c_{made[0]}",)
        ).fetchone()
    assert kept == (True, True)
