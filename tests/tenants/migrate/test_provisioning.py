import re
import threading

import psycopg
import pytest
from sqlalchemy import text

from app.core.db import db
from tenants import owner, schema
from tenants.migrate import plan, replay

MODULES = ("news", "participatory_budget", "grove")
SENT = re.compile(r"^(?:[\d :.-]+\t)?F\t\d+\t(\w+)(.*)", re.MULTILINE)


@pytest.fixture
def traced(app, tmp_path):
    """Do something with the owner's connection and return what went over the wire: [(kind of message, text)]."""

    def watch(work):
        path = tmp_path / "trace"
        with app.app_context(), owner.connect(owner.address()) as connection, path.open("w") as file:
            connection.pgconn.trace(file.fileno())
            work(connection)
            connection.pgconn.untrace()
        return SENT.findall(path.read_text())

    return watch


def test_a_city_with_three_modules_is_made_in_one_round_trip_with_one_statement_a_message(
    app, code_at, traced
):
    with app.app_context():
        ends = plan.heads(plan.owners_of(MODULES))
        web = app.config["PARVIS"].web_database.username
    sent = traced(lambda connection: replay.create(connection, "c_quick", web, ends))
    kinds = [kind for kind, _text in sent]
    assert kinds.count("Sync") == 1, kinds
    assert kinds.count("Parse") > 40
    assert "Query" not in kinds
    plain = [words for kind, words in sent if kind == "Parse" and "DO $$" not in words]
    assert not [words for words in plain if re.search(r";\s*\S", words)]
    assert not [words for _kind, words in sent if "ALL TABLES" in words]


def test_a_module_is_switched_on_in_two_round_trips(code_at, town, traced):
    city_id = town()
    sent = traced(
        lambda connection: replay.upgrade(connection, f"c_{city_id}", replay.Manner(add=("pond", "grove")))
    )
    assert [kind for kind, _text in sent].count("Sync") == 2


def test_what_one_round_trip_makes_is_what_step_after_step_makes(app, town, catalog, migrate, code_at):
    whole = town(grove=4, pond=2)
    code_at(grove=1, pond=1)
    slowly = town(city=1)
    with app.app_context():
        schema.upgrade(f"c_{slowly}", ["grove", "pond"])
    for number in (2, 3, 4):
        code_at(grove=number)
        migrate()
    assert any("grove_tree" in fact for fact in catalog(whole))
    assert catalog(slowly) == catalog(whole)


def test_making_a_city_again_changes_nothing_and_brings_in_what_is_new(app, code_at, town, catalog, at):
    city_id = town(grove=2)
    with app.app_context():
        schema.create(f"c_{city_id}", ["pond"])
        before = catalog(city_id)
        schema.create(f"c_{city_id}", ["pond", "grove"])
    assert catalog(city_id) == before
    assert at(city_id)["pond"] == "pond_0002"
    assert at(city_id)["grove"] == "grove_0004"


def test_many_at_once_make_one_city(app, code_at, catalog, ask):
    failures = []

    def make():
        try:
            with app.app_context():
                schema.create("c_crowded", ["grove"])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=make) for _number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ask("SELECT count(*) FROM c_crowded.module_revision") == [(2,)]
    assert ask("SELECT count(*) FROM pg_roles WHERE rolname = 'c_crowded'") == [(1,)]


def test_a_role_that_is_there_already_stops_it_and_nothing_is_left(app, code_at, ask):
    ask('CREATE ROLE "c_taken" NOLOGIN')
    try:
        with app.app_context(), pytest.raises(psycopg.errors.DuplicateObject, match="c_taken"):
            schema.create("c_taken")
        assert ask("SELECT to_regnamespace('c_taken')") == [(None,)]
    finally:
        ask('DROP ROLE "c_taken"')


def test_a_statement_that_fails_is_named_and_nothing_is_left(app, code_at, ask):
    ask(
        "CREATE FUNCTION platform.full() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands() WHERE object_identity LIKE '%%grove_tree') THEN"
        " RAISE 'disk full'; END IF; END $$"
    )
    ask(
        "CREATE EVENT TRIGGER full_disk ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION platform.full()"
    )
    try:
        with app.app_context(), pytest.raises(psycopg.Error, match="disk full") as failed:
            schema.create("c_full", ["grove"])
    finally:
        ask("DROP EVENT TRIGGER full_disk")
        ask("DROP FUNCTION platform.full")
    assert any("CREATE TABLE grove_tree" in note for note in failed.value.__notes__)
    assert ask(
        "SELECT to_regnamespace('c_full'), (SELECT count(*) FROM pg_roles WHERE rolname = 'c_full')"
    ) == [(None, 0)]


def test_the_city_may_use_its_tables_as_its_role_says(app, town, ask):
    city_id = town(grove=4, pond=2)
    held = ask(
        "SELECT t, p, has_table_privilege(%s, %s || '.' || t, p)"
        " FROM unnest(ARRAY['account', 'audit_entry', 'pond_pond']) t,"
        " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p ORDER BY 1, 2",
        f"c_{city_id}",
        f"c_{city_id}",
    )
    may = {(table, right) for table, right, granted in held if granted}
    every = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert may == (
        {("account", right) for right in every}
        | {("audit_entry", "SELECT"), ("audit_entry", "INSERT")}
        | {("pond_pond", right) for right in every - {"DELETE"}}
    )


def test_a_schema_can_be_made_as_it_was_at_other_revisions(app, town, at, copy_of):
    city_id = town(city=1, grove=1)
    assert at(city_id) == {"city": "city_0001", "grove": "grove_0001"}
    assert copy_of(city_id) == ({"city": "city_0001", "grove": "grove_0001"}, "")


def test_what_is_dropped_leaves_the_platforms_copy_as_well(app, town, copy_of, ask):
    city_id = town(grove=1)
    with app.app_context():
        schema.drop(f"c_{city_id}")
        schema.drop(f"c_{city_id}")
        left = text("SELECT to_regnamespace(:name), (SELECT count(*) FROM pg_roles WHERE rolname = :name)")
        with db.engines["platform"].connect() as connection:
            assert tuple(connection.execute(left, {"name": f"c_{city_id}"}).one()) == (None, 0)
    assert copy_of(city_id) is None
