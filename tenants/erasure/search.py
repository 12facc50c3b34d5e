"""Search everything for traces of a city: catalogs, tables, files, Redis with the worker's queues."""

import logging
from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, text

from app.core.clock import now
from tenants import addresses, schema
from tenants.erasure import cache, folders, rows
from tenants.erasure.marks import Marks, marks_of
from tenants.models import Erasure

log = logging.getLogger("parvis.erasure")
Counts = dict[str, int]
# Beyond this the tables of the other cities are searched only when somebody asks for it.
LARGE_BYTES = 20 * 1024**3


def search(marks: Marks, *, everywhere: bool | None = None) -> tuple[Counts, Counts]:
    """Return where how much was found that should not be there, and what is kept on purpose.

    `everywhere` looks into the tables of every other city as well; None does so unless the database is large.
    """
    with schema.owner_transaction() as connection:
        if everywhere is None:
            everywhere = (connection.scalar(text(_DATABASE_BYTES)) or 0) < LARGE_BYTES
        found = _catalogs(connection, marks)
        found["tables of the platform"] = _sum(_in_platform(connection, marks), marks)
        if everywhere:
            found["tables of other cities"] = _sum(_in_cities(connection, marks), marks)
        kept = _kept(connection, marks)
    held = cache.search(marks)
    found["files"] = sum(1 for _ in folders.places(marks)) + sum(1 for _ in folders.sent(marks))
    found["keys in Redis"] = held.keys
    found["messages and other entries in Redis"] = held.entries
    return found, kept


def again(erasure: Erasure) -> Counts:
    """Search everything once more for a city that was erased, and return where how much was found.

    Its addresses are looked for as long as nobody else may have them.
    """
    held = erasure.began_at > now() - addresses.ERASED_HELD
    marks = marks_of(erasure.city_id, erasure.slugs if held else (), ())
    return search(marks, everywhere=True)[0]


def _catalogs(connection: Connection, marks: Marks) -> Counts:
    values = {"name": marks.schema}
    found = {what: int(connection.scalar(text(sql), values) or 0) for what, sql in _CATALOGS.items()}
    found["schemas"] += len(rows.other_schemas(connection, marks))
    return found


def _in_platform(connection: Connection, marks: Marks) -> Counts:
    """Return table → rows that name the city, but for what is kept."""
    found = {}
    for owner, name in rows.tables(connection, "platform", "shared"):
        statement = f"SELECT count(*) FROM {owner}.{name} t WHERE t::text ~ :ids {_BUT.get(name, '')}"  # noqa: S608
        found[name] = _count(connection, statement, marks)
    for owner, name, column in rows.columns(connection, "^slug$", "platform"):
        statement = f"SELECT count(*) FROM {owner}.{name} WHERE {column} = ANY(:slugs)"  # noqa: S608
        found[f"{name}.slug"] = int(connection.scalar(text(statement), {"slugs": list(marks.slugs)}) or 0)
    return {name: number for name, number in found.items() if number}


def _in_cities(connection: Connection, marks: Marks) -> Counts:
    """Return schema → rows in it that name the city; one question for each city."""
    found = {}
    for owner, names in _tables_of_cities(connection):
        counted = (f'(SELECT count(*) FROM "{owner}"."{name}" t WHERE t::text ~ :ids)' for name in names)  # noqa: S608
        found[owner] = _count(connection, f"SELECT {' + '.join(counted)}", marks)
    return {owner: number for owner, number in found.items() if number}


def _tables_of_cities(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    schemas = connection.scalars(text(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 'c\_%'"))
    for owner, pairs in groupby(rows.tables(connection, *schemas), key=lambda pair: pair[0]):
        yield owner, [name for _owner, name in pairs]


def _sum(found: Counts, marks: Marks) -> int:
    for place, number in found.items():
        log.error("city %s: %s rows of %s name it", marks.city_id, number, place)
    return sum(found.values())


def _kept(connection: Connection, marks: Marks) -> Counts:
    return {what: _count(connection, sql, marks) for what, sql in _KEPT.items()}


def _count(connection: Connection, statement: str, marks: Marks) -> int:
    values = {"ids": marks.id_pattern, "hosts": marks.host_pattern, "id": marks.city_id}
    named = {name: value for name, value in values.items() if f":{name}" in statement}
    return int(connection.scalar(text(statement), named) or 0)


_DATABASE_BYTES = "SELECT pg_database_size(current_database())"
_CATALOGS = {
    "schemas": "SELECT count(*) FROM pg_namespace WHERE nspname = :name",
    "roles": "SELECT count(*) FROM pg_roles WHERE rolname = :name",
}
# Mails may lead to a host of the city. Certificate, journal and the operation that erases are kept, with its id alone.
_BUT = {
    "mail": "OR (about = '' AND text ~ :hosts)",
    "erasure": "AND city_id <> :id",
    "audit_entry": "AND t::text ~ :hosts",
    "operation": "AND NOT (city_id = :id AND kind = 'erase' AND wish = '{}')",
}
_KEPT = {
    "certificate": "SELECT count(*) FROM platform.erasure WHERE city_id = :id",
    "entries in the platform's audit log": (
        "SELECT count(*) FROM platform.audit_entry t WHERE city_id = :id OR t::text ~ :ids"
    ),
    "operations that erased the city": (
        "SELECT count(*) FROM platform.operation WHERE city_id = :id AND kind = 'erase'"
    ),
}
