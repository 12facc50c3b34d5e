"""Make a schema as an archive describes it: tables by our own migrations, rows by COPY, nothing else of the archive's.

All inside one transaction of the owner's login. What the archive says is only ever compared with what the migrations
have made: no name and no SQL of it reaches the database.
"""

import psycopg
from flask import current_app
from sqlalchemy import Connection

from tenants.archive import catalog, scope
from tenants.archive.catalog import column_list, quoted
from tenants.archive.errors import Unusable
from tenants.archive.manifest import Manifest, TableInfo
from tenants.archive.opened import Archive
from tenants.archive.progress import Tell
from tenants.archive.source import AS_TEXT
from tenants.migrate import plan, render, replay
from tenants.owner import Raw


def must_fit(manifest: Manifest) -> None:
    """Raise Unusable when the archive needs a module or a revision that this deployment does not have."""
    for owner, revision in manifest.revisions.items():
        known = owner == plan.CITY or owner in plan.modules()
        if not known:
            raise Unusable(
                f"The city uses the module {owner}, which is not installed here. Install it, then restore."
            )
        if not render.knows(plan.folder(owner), revision):
            raise Unusable(
                f"The tables of {owner} are at revision {revision}, which this deployment does not know."
                " The archive was made by a newer version: upgrade Parvis, then restore."
            )
    if plan.CITY not in manifest.revisions:
        raise Unusable("manifest.json does not say at which revision the base tables are.")
    for switch in manifest.modules:
        if switch.on and switch.name not in manifest.revisions:
            raise Unusable(f"The module {switch.name} is on, and the archive has no tables of it.")


def make(connection: Connection, schema: str, archive: Archive, *, role_exists: bool, tell: Tell) -> None:
    """Make the schema with everything the archive holds of tables, and bring it up to date."""
    raw = _raw(connection)
    replay.send(raw, _beginning(schema, archive.manifest, role_exists=role_exists))
    _fill(connection, raw, schema, archive, tell)
    bring_up_to_date(raw, schema)


def bring_up_to_date(raw: Raw, schema: str) -> None:
    """Migrate the schema to the newest revisions inside the open transaction, steps row by row included."""
    known = replay.revisions(raw)
    for step in plan.steps(known):
        if step.online:
            work = render.batch(plan.folder(step.owner), step.end)
            while work(raw):
                pass
            replay.send(raw, [replay.compare_and_set(step)])
        else:
            replay.send(raw, replay.moves([step], schema))
        known = replay.after(known, [step])
    replay.send(raw, replay.copy(schema, known))


def _beginning(schema: str, manifest: Manifest, *, role_exists: bool) -> list[str]:
    web = str(current_app.config["PARVIS"].web_database.username)
    empty = [
        line for line in replay.empty(schema, web) if not (role_exists and line.startswith("CREATE ROLE"))
    ]
    return [
        *replay.taking(schema, replay.LOCK_TIMEOUT),
        *empty,
        *replay.filled(schema, manifest.revisions),
        *AS_TEXT,
    ]


def _fill(connection: Connection, raw: Raw, schema: str, archive: Archive, tell: Tell) -> None:
    tables, sequences = catalog.read(connection, schema)
    members, _left_out = scope.members(tables)
    expected = {member.table.name: member for member in members}
    told = {table.name: table for table in archive.manifest.tables}
    if set(expected) != set(told):
        different = ", ".join(sorted(set(expected) ^ set(told)))
        raise Unusable(f"The archive does not have the tables that its revisions make: {different}.")
    for place, member in enumerate(members):
        table = told[member.table.name]
        tell(table.name, place, len(members))
        may = {column.name for column in member.columns}
        must = {column.name for column in member.columns if column.needed}
        if not set(table.columns) <= may or not must <= set(table.columns):
            raise Unusable(f"The archive does not have the columns of {table.name} that its revisions make.")
        _load(raw, schema, archive, table)
    for sequence in archive.manifest.sequences:
        if sequence.name not in sequences:
            raise Unusable(f"The archive tells of a sequence {sequence.name} that its revisions do not make.")
        raw.execute(
            "SELECT setval(%s::regclass, %s, %s)",
            (f"{quoted(schema)}.{quoted(sequence.name)}", sequence.last_value, sequence.is_called),
        )


def _load(raw: Raw, schema: str, archive: Archive, table: TableInfo) -> None:
    target = f"{quoted(schema)}.{quoted(table.name)} ({column_list(table.columns)})"
    statement = f"COPY {target} FROM STDIN (FORMAT csv, HEADER MATCH, ENCODING 'UTF8')"
    try:
        with raw.cursor() as cursor:
            with cursor.copy(statement.encode()) as copy:
                for piece in archive.table(table.name):
                    copy.write(piece)
            loaded = cursor.rowcount
    except (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.BadCopyFileFormat) as error:
        # What PostgreSQL says beyond its first line may hold the row.
        reason = error.diag.message_primary or type(error).__name__
        raise Unusable(f"tables/{table.name}.csv does not fit the table: {reason}.") from error
    if loaded != table.rows:
        raise Unusable(f"tables/{table.name}.csv has {loaded} rows; manifest.json says {table.rows}.")


def _raw(connection: Connection) -> Raw:
    raw: Raw = connection.connection.driver_connection  # type: ignore[assignment]
    return raw
