"""What somebody could try whose words reach the database inside a statement, or who could send one of her own."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.db import db
from tenants.schema import owner_transaction

HERE, THERE = "c_testparis", "c_testbudapest"
THEIRS = f"SELECT to_tsvector(''simple'', email) FROM {THERE}.account"


def ask(statement):
    """Send a statement as it is: colons are no parameters here."""
    return db.session.connection().exec_driver_sql(statement.replace("%", "%%"))


def refused(statement):
    """Send a statement and return why the server refuses it."""
    with pytest.raises(DBAPIError) as caught:
        ask(statement)
    db.session.rollback()
    return str(caught.value.orig)


# Inside one SELECT: all that an injection can reach, as the server takes one statement at a time.
INJECTED = [
    f"SELECT email FROM {THERE}.account",
    f"SELECT * FROM ts_stat('{THEIRS}')",
    f"SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, email::tsquery FROM {THERE}.account')",
    f"SELECT query_to_xml('SELECT email FROM {THERE}.account', true, false, '')",
    f"SELECT table_to_xml('{THERE}.account', true, false, '')",
    f"SELECT schema_to_xml('{THERE}', true, false, '')",
    f"SELECT * FROM ts_stat('SELECT to_tsvector(set_config(''role'', ''{THERE}'', true))')",
    f"SELECT set_config('role', '{THERE}', true)",
    f"SELECT set_config('search_path', '{THERE}', true)",
    f"SELECT query_to_xml('SET LOCAL ROLE {THERE}', true, false, '')",
    f"SELECT * FROM ts_stat('SET LOCAL ROLE {THERE}')",
    f"SELECT nextval('{THERE}.anything')",
    "SELECT nextval('shared.outbox_id_seq')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('PG_VERSION')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/parvis-escape')",
    "SELECT lo_create(0)",
    "SELECT lo_creat(-1)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT * FROM dblink('', 'SELECT 1') AS t (a int)",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_advisory_lock_shared(1)",
    "SELECT pg_try_advisory_lock(1)",
    "SELECT pg_try_advisory_lock_shared(1, 2)",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'parvis' AND pid <> pg_backend_pid()",
    "SELECT pg_reload_conf()",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_statistic",
    "SELECT passwd FROM pg_shadow",
    f"WITH gone AS (DELETE FROM {THERE}.account RETURNING email) SELECT * FROM gone",
    "SELECT * FROM platform.city",
    "SELECT * FROM platform.operator",
    "SELECT * FROM shared.outbox",
    f"SELECT {THERE}.anything()",
]


@pytest.mark.parametrize("injected", INJECTED)
def test_nothing_inside_a_statement_leads_out_of_the_city(in_city, injected):
    with in_city("paris"):
        why = refused(injected)
        assert ask("SELECT current_user").scalar() == HERE
    reasons = ("permission denied", "does not exist", "not allowed", "must be", "cannot open SET query")
    assert any(reason in why for reason in reasons), why


# A whole statement of one's own is more than an injection gives; what can be closed is closed all the same.
WHOLE = [
    f"DO $$ BEGIN SET LOCAL ROLE {THERE}; END $$",
    f"DO $$ BEGIN EXECUTE 'UPDATE {THERE}.account SET email = ''x'''; END $$",
    "DO LANGUAGE plpgsql $$ BEGIN RESET ROLE; END $$",
    "CREATE FUNCTION leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION shared.leak() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM account; END",
    "CREATE FUNCTION public.leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE VIEW leak AS SELECT * FROM account",
    "CREATE VIEW shared.leak AS SELECT * FROM account",
    "CREATE VIEW public.leak AS SELECT * FROM account",
    "CREATE TEMP VIEW account AS SELECT 1",
    "CREATE TEMP TABLE account (id int)",
    "CREATE TEMP TABLE account ON COMMIT PRESERVE ROWS AS SELECT 1 AS id",
    "CREATE TABLE pg_temp.account (id int)",
    "CREATE TABLE leak (id int)",
    "CREATE TABLE public.leak (id int)",
    "CREATE SEQUENCE leak",
    "CREATE SCHEMA leak",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION postgres_fdw",
    "CREATE FOREIGN DATA WRAPPER leak",
    "CREATE OPERATOR shared.=== (leftarg = int, rightarg = int, function = int4eq)",
    "CREATE PUBLICATION leak FOR ALL TABLES",
    "CREATE EVENT TRIGGER leak ON ddl_command_end EXECUTE FUNCTION pg_notify()",
    "CREATE TRIGGER leak AFTER INSERT ON account EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    f"SET SESSION AUTHORIZATION {THERE}",
    f"LOCK TABLE {THERE}.account",
    f"LOCK TABLE {THERE}.account IN ACCESS SHARE MODE",
    "LOCK TABLE shared.outbox IN ACCESS EXCLUSIVE MODE",
    f"COPY {THERE}.account TO STDOUT",
    f"COPY {THERE}.account FROM STDIN",
    f"COPY (SELECT * FROM {THERE}.account) TO STDOUT",
    "COPY account TO '/tmp/parvis-escape'",
    "COPY account FROM '/etc/passwd'",
    "COPY account TO PROGRAM 'cat'",
    f"DECLARE held CURSOR WITH HOLD FOR SELECT * FROM {THERE}.account",
    f"PREPARE stolen AS SELECT * FROM {THERE}.account",
    f"EXPLAIN ANALYZE SELECT * FROM {THERE}.account",
    f"COMMENT ON TABLE {THERE}.account IS 'x'",
    f"GRANT SELECT ON {THERE}.account TO {HERE}",
    f"GRANT {THERE} TO {HERE}",
    f"REASSIGN OWNED BY {THERE} TO {HERE}",
    "ALTER TABLE account DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE shared.outbox DISABLE ROW LEVEL SECURITY",
    "ALTER DATABASE postgres SET search_path = 'x'",
    f"ALTER ROLE {THERE} SET search_path = 'x'",
    "ALTER SYSTEM SET log_statement = 'all'",
    "TRUNCATE account",
    f"TRUNCATE {THERE}.account",
    f"ANALYZE {THERE}.account; SELECT 1",
    "SET LOCAL session_replication_role = replica",
    "SET LOCAL row_security = off; SELECT 1",
    f"MERGE INTO {THERE}.account a USING account b ON a.id = b.id WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("statement", WHOLE)
def test_even_a_whole_statement_of_ones_own_is_refused(in_city, statement):
    with in_city("paris"):
        assert refused(statement)
        assert ask("SELECT current_user").scalar() == HERE


@pytest.mark.parametrize(
    "tail", ["RESET ROLE", f'SET ROLE "{THERE}"', "COMMIT", f"SELECT * FROM {THERE}.account"]
)
@pytest.mark.parametrize(
    "head", ["SELECT 1", "SELECT name FROM account WHERE name = ''", "UPDATE account SET name = ''"]
)
def test_no_statement_carries_a_second_one(in_city, head, tail):
    with in_city("paris"):
        assert "multiple commands" in refused(f"{head}; {tail}")


def test_the_database_has_no_way_to_other_servers_and_no_language_but_the_usual(app):
    with app.app_context(), owner_transaction() as owner:
        extensions = set(owner.scalars(text("SELECT extname FROM pg_extension")))
        languages = set(
            owner.scalars(text("SELECT lanname FROM pg_language WHERE lanpltrusted OR NOT lanispl"))
        )
    assert extensions == {"plpgsql", "pg_trgm", "unaccent"}
    assert languages == {"internal", "c", "sql", "plpgsql"}


def test_a_city_cannot_pass_its_rights_on(in_city):
    with in_city("paris"):
        ask("GRANT ALL ON account TO PUBLIC")
        db.session.commit()
    with in_city("budapest"):
        assert "permission denied" in refused("SELECT * FROM c_testparis.account")
