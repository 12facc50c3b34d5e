"""Prepare a database for Parvis: logins, schemas, rights, then the platform's own tables; safe to repeat."""

from collections.abc import Callable

from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from app.core.config import Config
from tenants import schema
from tenants.migrate import plan, replay

EXTENSIONS = ("pg_trgm", "unaccent")


def prepare(tell: Callable[[str], None]) -> int:
    """Make the database ready and bring every schema up to date; returns how many cities failed."""
    config: Config = current_app.config["PARVIS"]
    with schema.owner_transaction() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('parvis setup', 0))"))
        _logins(connection, config)
        _schemas(connection, config)
        _close_doors(connection)
        replay.take_schema(connection, "platform")
        connection.exec_driver_sql(replay.REVISION_TABLE)
        if replay.upgrade(connection, [plan.PLATFORM], str(config.platform_database.username)):
            tell("platform: tables are up to date")
    return schema.upgrade_all(_city_schemas(), tell)


def _city_schemas() -> list[str]:
    with schema.owner_transaction() as connection:
        found = connection.scalars(
            text("SELECT nspname FROM pg_namespace JOIN platform.city c ON nspname = 'c_' || c.id ORDER BY 1")
        )
        return list(found)


def _logins(connection: Connection, config: Config) -> None:
    for url in (config.web_database, config.platform_database):
        if url.username != config.database.username:
            _login(connection, url)


def _login(connection: Connection, url: URL) -> None:
    name = str(url.username)
    known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": name})
    password = str(url.password or "").replace("'", "''")
    verb = "ALTER" if known else "CREATE"
    connection.exec_driver_sql(
        f"{verb} ROLE \"{name}\" LOGIN NOINHERIT PASSWORD '{password}'".replace("%", "%%")
    )
    connection.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{url.database}" TO "{name}"')
    connection.exec_driver_sql(f'ALTER ROLE "{name}" IN DATABASE "{url.database}" SET search_path = \'\'')


def _schemas(connection: Connection, config: Config) -> None:
    platform = config.platform_database.username
    statements = [
        "CREATE SCHEMA IF NOT EXISTS platform",
        "CREATE SCHEMA IF NOT EXISTS shared",
        "GRANT USAGE ON SCHEMA shared TO PUBLIC",
        *(f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA shared" for name in EXTENSIONS),
        f'GRANT USAGE ON SCHEMA platform TO "{platform}"',
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA platform"
            f' GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{platform}"'
        ),
    ]
    for statement in statements:
        connection.exec_driver_sql(statement)


def _close_doors(connection: Connection) -> None:
    """Take away what would let a query leave its city, as far as the owner's login may (docs/operators.md)."""
    connection.exec_driver_sql(f'REVOKE TEMPORARY ON DATABASE "{connection.engine.url.database}" FROM PUBLIC')
    connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        for statement in (
            "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC",
            "REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC",
        ):
            connection.exec_driver_sql(statement)
