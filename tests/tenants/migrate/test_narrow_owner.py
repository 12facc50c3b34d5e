"""On a managed service the owner's login is no superuser."""

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from app.cli import main
from app.core import config, jobs
from app.core.db import db
from app.factory import create_app
from tenants import doctor, doors, operations, owner, schema
from tenants.archive import source

TOLD = "A superuser has to do this once"


@pytest.fixture
def narrow(app, services, ask, code_at):
    """A deployment in a database of its own, whose owner is made as docs/operators.md says."""
    for statement in (
        "CREATE ROLE narrow LOGIN CREATEROLE",
        "ALTER ROLE narrow SET createrole_self_grant = 'set, inherit'",
        "CREATE DATABASE narrow OWNER narrow",
    ):
        ask(statement)
    url = make_url(str(services.database.render_as_string(hide_password=False))).set(
        username="narrow", database="narrow"
    )
    settings = {"DATABASE_URL": url.render_as_string(hide_password=False), "REDIS_URL": services.redis_url}
    made = create_app(config.read(settings))
    jobs.discard_nudges()
    yield made
    with made.app_context():
        for name in ("c_first", "c_second"):
            schema.drop(name)
        for engine in db.engines.values():
            engine.dispose()
    ask("DROP DATABASE narrow WITH (FORCE)")
    for role in ("narrow_web", "narrow_platform", "narrow"):
        ask(f"DROP ROLE {role}")


def test_it_makes_migrates_and_drops_cities_and_says_what_it_may_not(narrow, code_at):
    def parvis(*words):
        return CliRunner().invoke(main, list(words), obj=lambda: narrow)

    said = parvis("setup")
    assert said.exit_code == 0, said.output
    assert said.stdout.count(TOLD) == len(doors.DOORS)
    assert "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config" in said.stdout
    code_at(grove=1)
    with narrow.app_context():
        schema.create("c_first", ["grove"])
        schema.create("c_second", ["grove", "pond"])
        with owner.connect(owner.address()) as connection:
            connection.execute(
                "INSERT INTO platform.city (id, slug, name, state, published, languages, time_zone, currency, brand, hero,"
                " tagline, contact_email, created_at) SELECT n, n, n, 'live', true, '{en}', 'UTC', 'EUR', '', '', '{}', '',"
                " now() FROM unnest(ARRAY['first', 'second']) n"
            )
    code_at()
    assert "2 migrated, 0 failed" in parvis("migrate").stdout
    with narrow.app_context():
        schema.drop("c_first")
        found = doctor.examine()
    assert [one.what for one in found if one.weight == "error"] == ["cities without a schema: first"]
    assert sum("another city's role" in one.what for one in found) == len(doors.DOORS)


def test_what_setup_asks_a_superuser_for_leaves_the_owner_what_it_needs(narrow, services):
    said = CliRunner().invoke(main, ["setup"], obj=lambda: narrow).stdout.splitlines()
    with owner.connect(services.database.set(database="narrow")) as superuser:
        for line in said:
            if line.startswith(TOLD):
                superuser.execute(line.partition(": ")[2].encode())
    assert TOLD not in CliRunner().invoke(main, ["setup"], obj=lambda: narrow).stdout
    with narrow.app_context():
        schema.create("c_first")
        with operations.alone("work") as first, source.connection_of_owner() as connection:
            assert first
            with source.snapshot(connection, "c_first"):
                assert connection.exec_driver_sql("SELECT count(*) FROM account").scalar() == 0
