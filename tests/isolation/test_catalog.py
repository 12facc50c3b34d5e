"""What lies in schemas that all cities see, and what one city can see of the others in the catalogs."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.db import db
from tenants.schema import owner_transaction

ROOT = Path(__file__).parents[2]
THERE = "c_testbudapest"
# A view or a function made with a city's path would show that city's rows to all others.
RELATIONS = """
SELECT relname, relkind::text FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind <> 'i'
"""
FUNCTIONS = """
SELECT p.proname, l.lanname, p.prosecdef, p.proconfig, d.refobjid IS NOT NULL AS of_extension
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
LEFT JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
WHERE p.pronamespace = CAST(:schema AS regnamespace)
"""


def looked_up(app, statement, **values):
    with app.app_context(), owner_transaction() as owner:
        return owner.execute(text(statement), values).all()


def ask(statement):
    return db.session.connection().exec_driver_sql(statement.replace("%", "%%"))


def test_nothing_is_shared_but_the_outbox_and_two_extensions(app):
    relations = {tuple(row) for row in looked_up(app, RELATIONS, schema="shared")}
    assert relations == {("outbox", "r"), ("outbox_id_seq", "S")}
    functions = looked_up(app, FUNCTIONS, schema="shared")
    assert functions
    assert [
        row.proname for row in functions if not row.of_extension or row.lanname != "c" or row.prosecdef
    ] == []


@pytest.mark.parametrize("schema", ["platform", "public"])
def test_no_view_and_no_function_lies_where_a_city_could_be_bound_to_it(app, schema):
    kinds = {row.relkind for row in looked_up(app, RELATIONS, schema=schema)}
    assert kinds <= {"r", "S"}
    assert looked_up(app, FUNCTIONS, schema=schema) == []


def test_no_schema_but_ours_is_there(app):
    schemas = {
        row[0]
        for row in looked_up(app, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|c_|information)'")
    }
    assert schemas == {"platform", "shared", "public"}


def test_a_citys_schema_holds_tables_with_keys_alone(app):
    held = looked_up(
        app,
        "SELECT c.relname, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'c_testparis' AND c.relkind NOT IN ('r', 'i', 'S')",
    )
    assert held == []
    assert looked_up(app, FUNCTIONS, schema="c_testparis") == []


def test_no_trigger_carries_anything_from_schema_to_schema(app):
    triggers = looked_up(app, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    rules = looked_up(app, "SELECT rulename FROM pg_rules WHERE schemaname !~ '^(pg_|information)'")
    assert (triggers, rules) == ([], [])


def test_no_foreign_key_leads_out_of_a_city(app):
    leading = looked_up(
        app,
        "SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid"
        " JOIN pg_namespace n ON n.oid = a.relnamespace"
        " WHERE k.contype = 'f' AND n.nspname LIKE 'c\\_%' AND a.relnamespace <> b.relnamespace",
    )
    assert leading == []


def test_each_city_may_use_its_own_schema_and_no_other(app):
    roles = ("c_testparis", "c_testbudapest")
    for role in roles:
        may = looked_up(
            app,
            "SELECT nspname FROM pg_namespace"
            " WHERE nspname LIKE 'c\\_%' AND has_schema_privilege(:role, oid, 'USAGE, CREATE')",
            role=role,
        )
        assert [row[0] for row in may] == [role]
        assert not looked_up(
            app, "SELECT 1 WHERE has_schema_privilege(:role, 'platform', 'USAGE')", role=role
        )


def test_the_logins_of_the_web_own_nothing_and_inherit_nothing(app, services):
    names = [services.web_database.username, services.platform_database.username]
    rows = looked_up(
        app,
        "SELECT rolname, rolinherit, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles"
        " WHERE rolname = ANY(:n)",
        n=names,
    )
    assert {tuple(row)[1:] for row in rows} == {(False, False, False, False)}
    owned = looked_up(
        app,
        "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE r.rolname = ANY(:n) OR r.rolname LIKE 'c\\_%'",
        n=names,
    )
    assert owned == []


def test_a_city_sees_no_statement_of_anybody_else(in_city, app):
    with in_city("budapest"):
        ask("SELECT 'what budapest asks' WHERE false")
        with in_city("paris"):
            seen = ask(
                "SELECT string_agg(coalesce(query, ''), ' ') FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            )
            assert "what budapest asks" not in (seen.scalar() or "")


def test_a_city_sees_no_values_of_anothers_columns(in_city, app):
    with app.app_context(), owner_transaction() as owner:
        owner.exec_driver_sql(f"INSERT INTO {THERE}.module_settings VALUES ('a', '{{}}'), ('b', '{{}}')")
        owner.exec_driver_sql(f"ANALYZE {THERE}.module_settings")
        assert owner.scalar(text("SELECT count(*) FROM pg_stats WHERE schemaname = :there"), {"there": THERE})
    with in_city("paris"):
        assert ask(f"SELECT count(*) FROM pg_stats WHERE schemaname = '{THERE}'").scalar() == 0
        assert (
            ask(f"SELECT count(*) FROM pg_sequences WHERE schemaname = '{THERE}' AND last_value > 0").scalar()
            == 0
        )


def test_no_code_uses_what_lasts_longer_than_a_transaction():
    """Connections are shared: a held cursor, a session's lock or setting would meet the next city."""
    lasting = re.compile(
        r"WITH HOLD|withhold|\bpg_(try_)?advisory_lock|\bLISTEN \w|pg_notify|CREATE TEMP|SET SESSION|DISCARD"
        r"|\bSET ROLE|RESET ROLE|\bSET search_path|lo_(create|import|from)|set_config\(",
        re.IGNORECASE,
    )
    found = []
    for path in (
        path
        for part in ("app", "modules", "tenants", "worker")
        for path in sorted((ROOT / part).rglob("*.py"))
    ):
        if "tests" not in path.parts and "testing" not in path.parts:
            strings = (
                node.value
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
            found += [str(path.relative_to(ROOT)) for words in strings if lasting.search(words)]
    # With the owner's login, on a connection that is closed afterwards.
    allowed = {"tenants/operations.py", "tenants/archive/source.py", "tenants/doors.py", "tenants/setup.py"}
    assert set(found) - allowed == set()
