"""Prepare a database for Parvis: logins, schemas, rights, then the platform's own tables; safe to repeat."""

from collections.abc import Callable

from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from app.core import patience
from app.core.config import Config
from tenants import doors, owner
from tenants.migrate import crowd, replay
from tenants.migrate.crowd import Report, Wish
from tenants.owner import Raw

EXTENSIONS = ("pg_trgm", "unaccent")


def prepare(tell: Callable[[str], None], *, cities: bool = True) -> Report:
    """Make the database ready and bring the cities up to date as well; tells what was done and what could not be."""
    config: Config = current_app.config["PARVIS"]
    with owner.transaction() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('parvis setup', 0))"))
        _logins(connection, config)
        _schemas(connection, config)
        for door in doors.close(connection):
            said = door.by_hand(str(config.database.username))
            tell(f"A superuser has to do this once, see docs/operators.md: {said};")
        raw: Raw = connection.connection.dbapi_connection  # type: ignore[assignment]
        for step in replay.upgrade_platform(raw, str(config.platform_database.username)):
            tell(str(step))
    return crowd.migrate(owner.address(), Wish(check=True)) if cities else Report()


def _logins(connection: Connection, config: Config) -> None:
    for url in (config.web_database, config.platform_database):
        if url.username != config.database.username:
            _login(connection, url)
            _limit(connection, url, config.statement_seconds)


def _limit(connection: Connection, url: URL, seconds: int) -> None:
    """Let no page keep the database busy or a transaction open for long; tasks ask for more (app.core.patience)."""
    limits = {
        "statement_timeout": f"{seconds}s",
        "lock_timeout": patience.PAGE_LOCK,
        "idle_in_transaction_session_timeout": patience.PAGE_IDLE,
    }
    for name, value in limits.items():
        connection.exec_driver_sql(
            f'ALTER ROLE "{url.username}" IN DATABASE "{url.database}" SET {name} = \'{value}\''
        )


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
