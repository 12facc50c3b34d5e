"""Create, upgrade and drop a city's schema; the only code that uses the owner's login."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from tenants.migrate import plan, replay


@contextmanager
def owner_transaction() -> Iterator[Connection]:
    """Open one transaction with the owner's login, on a connection of its own."""
    engine = create_engine(current_app.config["PARVIS"].database, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def create(schema: str, modules: Iterable[str] = ()) -> None:
    """Create the schema and role of a city with its base tables, in one transaction; does nothing when they exist."""
    with owner_transaction() as connection:
        replay.take_schema(connection, schema)
        if not exists(connection, schema):
            _create_empty(connection, schema)
        _upgrade(connection, schema, modules)


def upgrade(schema: str, modules: Iterable[str] = ()) -> list[str]:
    """Bring the base tables, the tables the city has and those of `modules` up to date; returns what changed."""
    with owner_transaction() as connection:
        return _upgrade(connection, schema, modules)


def drop(schema: str) -> None:
    """Drop the schema and role of a city with all they hold; does nothing when they are gone."""
    with owner_transaction() as connection:
        replay.take_schema(connection, schema)
        connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": schema}):
            connection.exec_driver_sql(f'DROP OWNED BY "{schema}"')
            connection.exec_driver_sql(f'DROP ROLE "{schema}"')


def exists(connection: Connection, schema: str) -> bool:
    """Tell whether the schema is there."""
    return bool(connection.scalar(text("SELECT 1 FROM pg_namespace WHERE nspname = :s"), {"s": schema}))


def upgrade_all(schemas: Iterable[str], tell: Callable[[str], None]) -> int:
    """Upgrade each schema in a transaction of its own and report each; returns how many failed."""
    failed = 0
    for schema in schemas:
        try:
            done = upgrade(schema)
        except Exception as error:
            failed += 1
            tell(f"{schema}: {error}")
        else:
            if done:
                tell(f"{schema}: {', '.join(done)}")
    return failed


def _create_empty(connection: Connection, schema: str) -> None:
    web = current_app.config["PARVIS"].web_database.username
    for statement in (
        f'CREATE ROLE "{schema}" NOLOGIN',
        f'GRANT "{schema}" TO "{web}" WITH INHERIT FALSE, SET TRUE',
        f'CREATE SCHEMA "{schema}"',
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{schema}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{schema}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT USAGE ON SEQUENCES TO "{schema}"',
    ):
        connection.exec_driver_sql(statement)


def _upgrade(connection: Connection, schema: str, modules: Iterable[str]) -> list[str]:
    replay.take_schema(connection, schema)
    connection.exec_driver_sql(replay.REVISION_TABLE)
    wanted = {*replay.revisions(connection), *modules}
    return replay.upgrade(connection, plan.owners_of(wanted), schema)
