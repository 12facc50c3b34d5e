"""Rights that everybody has by default in PostgreSQL and that lead out of a city."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Door:
    """One such right; only a superuser can take it away."""

    what: str
    is_open: str
    close: str
    needed: str = ""
    """What the owner's login needs of it all the same."""

    def by_hand(self, owner: str) -> str:
        """Return what a superuser has to say once."""
        return f'{self.close}; GRANT {self.needed} TO "{owner}"' if self.needed else self.close


def _functions(what: str, *signatures: str, needed: str = "") -> Door:
    named = [f"pg_catalog.{signature}" for signature in signatures]
    asked = " OR ".join(f"has_function_privilege('public', '{name}', 'EXECUTE')" for name in named)
    closing = f"REVOKE EXECUTE ON FUNCTION {', '.join(named)} FROM PUBLIC"
    return Door(what, f"SELECT {asked}", closing, needed and f"EXECUTE ON FUNCTION {needed}")


SET_CONFIG = "set_config(text, text, boolean)"
_LOCKS = (
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
)
DOORS = (
    _functions("set_config()", SET_CONFIG, needed=f"pg_catalog.{SET_CONFIG}"),
    # Held until the connection ends, whoever is served by it: one city could keep others from being migrated.
    _functions(
        "advisory locks of a session",
        *(f"{name}({given})" for name in _LOCKS for given in ("bigint", "integer, integer")),
        needed="pg_catalog.pg_try_advisory_lock(bigint), pg_catalog.pg_advisory_lock_shared(bigint)",
    ),
    # Shared by all schemas, and no export or erasure of a city knows of them.
    _functions("large objects", "lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)"),
    Door(
        "blocks of PL/pgSQL",
        "SELECT has_language_privilege('public', 'plpgsql', 'USAGE')",
        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
        "USAGE ON LANGUAGE plpgsql",
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
