"""Rights that everybody has by default in PostgreSQL and that lead out of a city."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Door:
    """One such right; only a superuser can take it away."""

    what: str
    is_open: str
    close: str


DOORS = (
    Door(
        "set_config()",
        "SELECT has_function_privilege('public', 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')",
        "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC",
    ),
    Door(
        "UPDATE on pg_settings",
        "SELECT has_table_privilege('public', 'pg_catalog.pg_settings', 'UPDATE')",
        "REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC",
    ),
)


def still_open(connection: Connection) -> list[Door]:
    """Return those that are open."""
    return [door for door in DOORS if connection.scalar(text(door.is_open))]


def close(connection: Connection) -> list[Door]:
    """Close what can be closed; returns what the owner's login may not, as it is no superuser."""
    connection.exec_driver_sql(f'REVOKE TEMPORARY ON DATABASE "{connection.engine.url.database}" FROM PUBLIC')
    connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    left = still_open(connection)
    if not connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        return left
    for door in left:
        connection.exec_driver_sql(door.close)
    return []
