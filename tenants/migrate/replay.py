"""Apply rendered statements to one schema, with the revision kept beside the tables it describes."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from tenants.migrate import plan, render

LOCK_TIMEOUT = "5s"
REVISION_TABLE = (
    "CREATE TABLE IF NOT EXISTS module_revision"
    " (module varchar(48) PRIMARY KEY, revision varchar(64) NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
)


class StaleRevision(RuntimeError):
    """Another process migrated the schema meanwhile; nothing was changed by us."""


def take_schema(connection: Connection, schema: str) -> None:
    """Point the open transaction at `schema` and hold its migration lock until the end."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:s, 0))"), {"s": f"migrate {schema}"}
    )
    connection.exec_driver_sql(f'SET LOCAL search_path TO "{schema}", shared, pg_temp')


def revisions(connection: Connection) -> dict[str, str]:
    """Return owner → revision of the schema the transaction points at."""
    rows = connection.execute(text("SELECT module, revision FROM module_revision"))
    return {row.module: row.revision for row in rows}


def step(connection: Connection, owner: str, *, start: str | None, end: str, role: str) -> None:
    """Bring one history from `start` to `end`; raises StaleRevision when the schema is not at `start`."""
    _compare_and_set(connection, owner, start, end)
    for statement in render.render(plan.folder(owner), start, end):
        connection.exec_driver_sql(statement.replace(render.ROLE, role))


def upgrade(connection: Connection, owners: Iterable[str], role: str) -> list[str]:
    """Bring the named histories to their newest revision; returns those that had something to do."""
    known = revisions(connection)
    done = []
    for owner in owners:
        newest = render.head(plan.folder(owner))
        if newest is not None and known.get(owner) != newest:
            step(connection, owner, start=known.get(owner), end=newest, role=role)
            done.append(owner)
    return done


def _compare_and_set(connection: Connection, owner: str, start: str | None, end: str) -> None:
    if start is None:
        statement = text("INSERT INTO module_revision (module, revision) VALUES (:owner, :end)")
    else:
        statement = text(
            "UPDATE module_revision SET revision = :end, applied_at = now() WHERE module = :owner AND revision = :start"
        )
    result = connection.execute(statement, {"owner": owner, "start": start, "end": end})
    if result.rowcount != 1:
        raise StaleRevision(f"{owner} is no longer at {start}")
