"""Rows for tables of which nothing is known but their columns."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column, Connection, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError

SOME: dict[type, object] = {
    bool: True,
    int: 1,
    float: 1.0,
    str: "x",
    bytes: b"x",
    Decimal: Decimal(1),
    datetime: datetime(2026, 11, 22, 10, tzinfo=UTC),
    date: date(2026, 11, 22),
    time: time(10),
    timedelta: timedelta(hours=1),
    UUID: UUID("0190163d-8694-739b-aea5-966c26f8ad90"),
    dict: {},
    list: [],
}


def fill(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Put one row into each table that takes a made-up one; returns the names of those that did.

    References among the tables fit, as every made-up id is the same; of other tables a row that is there is taken.
    """
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    ours = {table.name for table in tables}
    return [table.name for table in tables if _took(connection, table, ours)]


def _took(connection: Connection, table: Table, ours: Collection[str]) -> bool:
    values = {
        column.key: _theirs(connection, column, ours) or _some(column)
        for column in table.columns
        if not (column.nullable or column.identity)
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(values))
    except SQLAlchemyError:
        return False
    return True


def _theirs(connection: Connection, column: Column[object], ours: Collection[str]) -> object:
    """Return the id of any row of another table that the column refers to; None where there is none."""
    outside = [key.column for key in column.foreign_keys if key.column.table.name not in ours]
    return connection.scalar(select(outside[0]).order_by(outside[0]).limit(1)) if outside else None


def _some(column: Column[object]) -> object:
    try:
        kind = column.type.python_type
    # What SQLAlchemy raises for a type that names no Python type.
    except NotImplementedError:
        return {}
    enum_class = getattr(column.type, "enum_class", None)
    return next(iter(enum_class)) if enum_class else SOME.get(kind, {})
