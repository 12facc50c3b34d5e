"""Questions about migrations: whether the version before can keep running, and thousands of schemas take them.

The rules are those of docs/modules.md: first add, move over, and only a release later take away.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic.operations import Operations, ops
from alembic.script import Script
from flask import Flask
from sqlalchemy import Column, PrimaryKeyConstraint

from app.registry import Module
from tenants.migrate import render

TABLES_BY_HAND = re.compile(r"\b(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW|TYPE|SEQUENCE)\b", re.I)
ROWS_BY_HAND = re.compile(r"^\s*(UPDATE|DELETE|INSERT|MERGE|WITH)\b", re.I)
ELSEWHERE = re.compile(r"\b(platform|shared|c_\w+)\s*\.", re.I)
ROOM_FOR_ALL = "a key of its own needs a uuid or a bigint"


def migrations_are_safe(_app: Flask, module: Module) -> None:
    """Ask whether every revision can be replayed in any city while the version before serves it."""
    found = objections(module.folder / "migrations")
    assert not found, f"{module.name}: {'; '.join(found)}"


def objections(folder: Path, *, of_city: bool = True) -> list[str]:
    """Return what is wrong with the revisions in `folder`, the first one first; nothing when there are none."""
    if not folder.is_dir():
        return []
    scripts = list(render.history(folder).walk_revisions())[::-1]
    return [f"{script.revision}: {found}" for script in scripts for found in _of_revision(script, of_city)]


def _of_revision(script: Script, of_city: bool) -> Iterator[str]:
    if render.is_online(script):
        if not callable(getattr(script.module, "batch", None)):
            yield "online = True needs a function batch(connection)"
        if hasattr(script.module, "upgrade"):
            yield "rows and tables are two revisions: one with batch(), one with upgrade()"
        return
    yield from _Revision(script, of_city).objections()


class _Revision:
    """One revision, run without a database."""

    def __init__(self, script: Script, of_city: bool) -> None:
        self.of_city = of_city
        self.contract = bool(getattr(script.module, "contract", False))
        self.asked, self.written = _run(script)
        created = [one for one in self.asked if isinstance(one, ops.CreateTableOp)]
        added = [one for one in self.asked if isinstance(one, ops.AddColumnOp)]
        self.new_tables = {one.table_name for one in created}
        self.new_columns = {(one.table_name, one.column.name) for one in added}

    def objections(self) -> Iterator[str]:
        """Yield what is wrong."""
        for operation in self.asked:
            check = _CHECKS.get(type(operation))
            if check is not None:
                yield from check(self, operation)
            if self.of_city and getattr(operation, "schema", None):
                yield "a city's tables have no schema: the search path says whose they are"
        if "SERIAL" in re.sub(r"\bBIGSERIAL\b", "", self.written):
            yield ROOM_FOR_ALL

    def is_new(self, table: str, columns: list[str], where: str = "") -> bool:
        """Tell whether nothing older than this revision is concerned."""
        named = set(columns) | set(re.findall(r"\w+", where))
        return table in self.new_tables or any((table, name) in self.new_columns for name in named)

    def taken_away(self, what: str) -> Iterator[str]:
        """Object unless the revision says that it takes away."""
        if not self.contract:
            yield f"{what}: the version before still uses it; a later release does this, with contract = True"


def _create_table(revision: _Revision, op: ops.CreateTableOp) -> Iterator[str]:
    columns = [item for item in op.columns if isinstance(item, Column)]
    keyed = any(column.primary_key for column in columns) or any(
        isinstance(item, PrimaryKeyConstraint) and (item.columns or item._pending_colargs)
        for item in op.columns
    )
    if not keyed:
        yield f"{op.table_name} has no primary key"
    for column in columns:
        yield from _leaves_the_city(revision, op.table_name, column)


def _add_column(revision: _Revision, op: ops.AddColumnOp) -> Iterator[str]:
    column = op.column
    filled = column.server_default is not None or column.identity is not None or column.computed is not None
    if not column.nullable and not filled and op.table_name not in revision.new_tables:
        yield f"{op.table_name}.{column.name} is NOT NULL and has no server_default: rows there would have nothing"
    yield from _leaves_the_city(revision, op.table_name, column)


def _leaves_the_city(revision: _Revision, table: str, column: Column[Any]) -> Iterator[str]:
    for key in column.foreign_keys:
        if revision.of_city and str(key.target_fullname).count(".") > 1:
            yield f"{table}.{column.name} points to another schema ({key.target_fullname})"


def _alter_column(revision: _Revision, op: ops.AlterColumnOp) -> Iterator[str]:
    name = f"{op.table_name}.{op.column_name}"
    if op.modify_type is not None:
        yield f"the type of {name} changes in place: add another column, move over, then drop this one"
    if op.modify_name is not None:
        yield from revision.taken_away(f"{name} is renamed")
    if op.modify_nullable is False:
        yield from revision.taken_away(f"{name} becomes NOT NULL")
    if op.modify_server_default is None:
        yield from revision.taken_away(f"{name} loses its default")


def _drop_column(revision: _Revision, op: ops.DropColumnOp) -> Iterator[str]:
    yield from revision.taken_away(f"{op.table_name}.{op.column_name} is dropped")


def _drop_table(revision: _Revision, op: ops.DropTableOp) -> Iterator[str]:
    yield from revision.taken_away(f"{op.table_name} is dropped")


def _rename_table(revision: _Revision, op: ops.RenameTableOp) -> Iterator[str]:
    yield from revision.taken_away(f"{op.table_name} is renamed")


def _create_index(revision: _Revision, op: ops.CreateIndexOp) -> Iterator[str]:
    if op.kw.get("postgresql_concurrently"):
        yield f"{op.index_name}: an index cannot be made concurrently inside a city's transaction"
    columns = [str(getattr(column, "name", column)) for column in op.columns]
    if (
        revision.of_city
        and op.unique
        and not revision.is_new(op.table_name, columns, str(op.kw.get("postgresql_where", "")))
    ):
        yield from revision.taken_away(f"{op.index_name} allows less than before")


def _constrain(revision: _Revision, op: Any) -> Iterator[str]:
    table = op.source_table if isinstance(op, ops.CreateForeignKeyOp) else op.table_name
    columns = op.local_cols if isinstance(op, ops.CreateForeignKeyOp) else getattr(op, "columns", ())
    if revision.of_city and op.kw.get("referent_schema"):
        yield f"{op.constraint_name} points to another schema"
        return
    condition = str(getattr(op, "condition", ""))
    if not revision.is_new(table, [str(column) for column in columns], condition):
        yield from revision.taken_away(f"{op.constraint_name} allows less than before")


def _execute(revision: _Revision, op: ops.ExecuteSQLOp) -> Iterator[str]:
    said = str(op.sqltext)
    begins = " ".join(said.split())[:60]
    if not revision.of_city:
        return
    if TABLES_BY_HAND.search(said):
        yield f"“{begins}”: tables and indexes are made with op.create_table, op.create_index and so on"
    elif ROWS_BY_HAND.search(said):
        yield f"“{begins}”: rows are changed in batches, by a revision with online = True"
    if ELSEWHERE.search(said):
        yield f"“{begins}”: what a city's migration does stays in its schema"


_CHECKS: dict[type[ops.MigrateOperation], Any] = {
    ops.CreateTableOp: _create_table,
    ops.AddColumnOp: _add_column,
    ops.AlterColumnOp: _alter_column,
    ops.DropColumnOp: _drop_column,
    ops.DropTableOp: _drop_table,
    ops.RenameTableOp: _rename_table,
    ops.CreateIndexOp: _create_index,
    ops.CreateUniqueConstraintOp: _constrain,
    ops.CreateCheckConstraintOp: _constrain,
    ops.CreateForeignKeyOp: _constrain,
    ops.ExecuteSQLOp: _execute,
}


def _run(script: Script) -> tuple[list[ops.MigrateOperation], str]:
    """Return what the revision asks for and the SQL that comes of it."""
    statements = render.Statements()
    asked: list[ops.MigrateOperation] = []

    with render.one_at_a_time, Operations.context(render.offline(statements)) as op:
        render_it = op.invoke

        def note(operation: ops.MigrateOperation) -> Any:
            asked.append(operation)
            return render_it(operation)

        op.invoke = note  # type: ignore[method-assign]
        script.module.upgrade()
    return asked, "\n".join(statements.lines)
