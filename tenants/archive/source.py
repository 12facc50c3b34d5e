"""Where a city is read from: one snapshot of one database, with values written the same way everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from tenants import owner

# How PostgreSQL writes values must not hang on the settings of a server or a login.
AS_TEXT = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'iso_8601'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
LOCK_TIMEOUT = "60s"
_NO_MIGRATION = text("SELECT pg_advisory_lock_shared(hashtextextended(:name, 0))")
_MIGRATION_MAY_RUN = text("SELECT pg_advisory_unlock_shared(hashtextextended(:name, 0))")


@contextmanager
def connection_of_owner() -> Iterator[Connection]:
    """Open a connection of its own with the owner's login; nothing is begun on it."""
    engine = create_engine(owner.address(), poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        yield connection


@contextmanager
def snapshot(connection: Connection, schema: str) -> Iterator[Connection]:
    """Look at the database as it is now for as long as the block lasts; the tables of `schema` are not migrated.

    No transaction may be open on the connection. The lock is taken before the snapshot: what is waited for is seen.
    """
    lock = {"name": f"migrate {schema}"}
    with connection.begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        connection.execute(_NO_MIGRATION, lock)
    try:
        connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            for setting in AS_TEXT:
                connection.exec_driver_sql(setting)
            connection.exec_driver_sql(f'SET LOCAL search_path TO "{schema}", shared, pg_temp')
            yield connection
    finally:
        if not connection.closed and not connection.invalidated:
            with connection.begin():
                connection.execute(_MIGRATION_MAY_RUN, lock)
