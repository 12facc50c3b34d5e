"""Rows for tables of which nothing is known but their columns."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column, Connection, Table, insert
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
    """Put one row into each table that takes a made-up one; returns the names of those that did."""
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    return [table.name for table in tables if _took(connection, table)]


def _took(connection: Connection, table: Table) -> bool:
    values = {
        column.key: _some(column) for column in table.columns if not (column.nullable or column.identity)
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(values))
    except SQLAlchemyError:
        return False
    return True


def _some(column: Column[object]) -> object:
    try:
        kind = column.type.python_type
    # What SQLAlchemy raises for a type that names no Python type.
    except NotImplementedError:
        return {}
    enum_class = getattr(column.type, "enum_class", None)
    return next(iter(enum_class)) if enum_class else SOME.get(kind, {})
