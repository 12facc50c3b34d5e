import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from app.cli import main
from tenants import doctor, owner


@pytest.fixture
def examine(app):
    def look():
        with app.app_context():
            return [finding for finding in doctor.examine() if "max_locks" not in finding.what]

    return look


@pytest.fixture
def broken(app):
    """Change the database with the owner's login for as long as the block lasts."""

    def execute(*statements):
        with app.app_context(), owner.connect(owner.address()) as connection:
            for statement in statements:
                connection.execute(statement)

    @contextmanager
    def change(statement, back):
        execute(statement)
        try:
            yield
        finally:
            execute(back)

    return change


SET_CONFIG = "EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean)"
BREAKS = [
    (f"GRANT {SET_CONFIG} TO PUBLIC", f"REVOKE {SET_CONFIG} FROM PUBLIC", "set_config()"),
    (
        "GRANT TEMPORARY ON DATABASE parvis TO PUBLIC",
        "REVOKE TEMPORARY ON DATABASE parvis FROM PUBLIC",
        "temporary tables",
    ),
    (
        "ALTER ROLE parvis_web SUPERUSER",
        "ALTER ROLE parvis_web NOSUPERUSER",
        "parvis_web may too much: rolsuper",
    ),
    ("ALTER ROLE parvis_web INHERIT", "ALTER ROLE parvis_web NOINHERIT", "rolinherit"),
    (
        "CREATE TABLE platform.mine (x int); ALTER TABLE platform.mine OWNER TO parvis_web",
        "DROP TABLE platform.mine",
        "parvis_web may too much: owns",
    ),
    (
        "REVOKE c_testparis FROM parvis_web",
        "GRANT c_testparis TO parvis_web WITH INHERIT FALSE, SET TRUE",
        "role of their own",
    ),
    (
        "GRANT c_testparis TO parvis_web WITH INHERIT TRUE",
        "GRANT c_testparis TO parvis_web WITH INHERIT FALSE",
        "cities without a role of their own that requests may take: paris",
    ),
    (
        "REVOKE USAGE ON SCHEMA c_testparis FROM c_testparis",
        "GRANT USAGE ON SCHEMA c_testparis TO c_testparis",
        "may not use its schema: paris",
    ),
    ("CREATE SCHEMA c_nobodys", "DROP SCHEMA c_nobodys", "schemas without a city: c_nobodys"),
    (
        "CREATE ROLE c_nobodys; GRANT c_nobodys TO parvis_web",
        "DROP ROLE c_nobodys",
        "roles without a city: c_nobodys",
    ),
    (
        "GRANT USAGE ON SCHEMA c_testparis TO c_testbudapest",
        "REVOKE USAGE ON SCHEMA c_testparis FROM c_testbudapest",
        "others than their city and the owner may use: c_testparis",
    ),
    (
        "GRANT USAGE ON SCHEMA c_testparis TO PUBLIC",
        "REVOKE USAGE ON SCHEMA c_testparis FROM PUBLIC",
        "others than their city and the owner may use: c_testparis",
    ),
    (
        "CREATE TABLE c_testparis.loose (x int)",
        "DROP TABLE c_testparis.loose",
        "primary key: c_testparis.loose",
    ),
    (
        "ALTER TABLE c_testparis.mail OWNER TO parvis_platform",
        "ALTER TABLE c_testparis.mail OWNER TO parvis",
        "not the owner's: c_testparis.mail",
    ),
    (
        "UPDATE c_testparis.module_revision SET revision = 'city_0001' WHERE module = 'city'",
        """UPDATE c_testparis.module_revision m SET revision = b.revision
        FROM c_testbudapest.module_revision b WHERE m.module = 'city' AND b.module = 'city'""",
        "cities that are not up to date: 1",
    ),
    (
        "UPDATE platform.city_revision SET revisions = '{\"city\": \"city_0001\"}' WHERE city_id = 'testparis'",
        "SELECT 1",
        "copy has the wrong revisions: paris",
    ),
    (
        "INSERT INTO c_testparis.module_revision (module, revision) VALUES ('dragons', 'dragons_0001')",
        "DELETE FROM c_testparis.module_revision WHERE module = 'dragons'",
        "cities with revisions that this version does not know: paris",
    ),
    (
        "UPDATE platform.city_revision SET failed_at = now(), error = 'disk full' WHERE city_id = 'testparis'",
        "SELECT 1",
        "paris could not be migrated: disk full",
    ),
]


LEFT = r"""
SELECT rolname FROM pg_roles WHERE rolname LIKE 'c\_%'
AND NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = rolname)
"""


@pytest.fixture
def entered(app):
    """The copy as it is once the cities have been looked at, and no roles that other tests left."""
    with app.app_context(), owner.connect(owner.address()) as connection:
        for (role,) in connection.execute(LEFT).fetchall():
            connection.execute(f'DROP ROLE "{role}"')
    assert CliRunner().invoke(main, ["migrate", "--check"], obj=lambda: app).exit_code == 0


@pytest.mark.usefixtures("entered")
def test_where_all_is_well_nothing_is_found(examine):
    assert examine() == []


@pytest.mark.usefixtures("entered")
@pytest.mark.parametrize(("change", "back", "says"), BREAKS, ids=[says for _change, _back, says in BREAKS])
def test_each_thing_that_is_wrong_is_found(examine, broken, change, back, says):
    with broken(change, back):
        found = [finding.what for finding in examine()]
    assert any(says in what for what in found), found
    assert [finding.remedy for finding in examine() if says in finding.what] == [] or back == "SELECT 1"


@pytest.mark.usefixtures("entered")
def test_the_command_ends_with_1_when_something_is_wrong(app, broken):
    def parvis(*words):
        return CliRunner().invoke(main, ["doctor", *words], obj=lambda: app)

    assert parvis().exit_code == 0
    with broken("CREATE SCHEMA c_nobodys", "DROP SCHEMA c_nobodys"):
        said = parvis()
        findings = json.loads(parvis("--json").stdout)
    assert said.exit_code == 1
    assert "error: schemas without a city: c_nobodys\n    → look what is in them" in said.stdout
    assert "schemas without a city: c_nobodys" in [one["what"] for one in findings]
