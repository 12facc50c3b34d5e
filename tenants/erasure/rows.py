"""Rows of a city: its own tables, counted; and what the platform's tables say about it, removed.

Everything here runs inside one transaction of the owner's login, which drops the schema at its end.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, text

from tenants.erasure.marks import Marks

Values = dict[str, object]
# What stays: the certificate, and the platform's audit log, which has ids only.
KEPT = ("erasure", "audit_entry")
EMAIL = r"""([^\s<>"',;:()\[\]{}\\]+@[^\s<>"',;:()\[\]{}\\]+)"""
_TABLES = """
SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(:schemas) AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1, 2
"""
_COLUMNS = """
SELECT n.nspname AS schema, c.relname AS name, a.attname AS "column"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = ANY(:schemas) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ :column ORDER BY 1, 2, 3
"""


def tables(connection: Connection, *schemas: str) -> Iterator[tuple[str, str]]:
    """Yield schema and name of every table in the schemas."""
    for row in connection.execute(text(_TABLES), {"schemas": list(schemas)}):
        yield row.schema, row.name


def columns(connection: Connection, pattern: str, *schemas: str) -> list[tuple[str, str, str]]:
    """Return schema, table and column of every column in the schemas whose name fits the pattern."""
    rows = connection.execute(text(_COLUMNS), {"schemas": list(schemas), "column": pattern})
    return [(row.schema, row.name, row.column) for row in rows]


def other_schemas(connection: Connection, marks: Marks) -> list[str]:
    """Return schemas that a killed restore of the city has left: their names begin with the city's."""
    beginning = marks.schema.replace("_", r"\_") + r"\_%"
    found = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE :beginning")
    return list(connection.scalars(found, {"beginning": beginning}))


def count_own(connection: Connection, marks: Marks) -> dict[str, int]:
    """Return how many rows each table of the city has."""
    return {
        name: int(connection.scalar(text(f'SELECT count(*) FROM "{schema}"."{name}"')) or 0)  # noqa: S608
        for schema, name in tables(connection, marks.schema)
    }


def remove_from_platform(connection: Connection, marks: Marks, operation_id: UUID | None) -> dict[str, int]:
    """Delete every row about the city but its certificate; returns how many of which table.

    Of the operation that does this work only its ids are left, and of the audit log only who did what, and when.
    """
    values: Values = {
        "id": marks.city_id,
        "schema": marks.schema,
        "slugs": list(marks.slugs),
        "hosts": marks.host_pattern,
        "operation": operation_id,
        "ids": marks.id_pattern,
    }
    removed = {
        table: _run(connection, f"DELETE FROM {table} WHERE {condition}", values)  # noqa: S608
        for table, condition in (
            ("platform.mail", _MAILS),
            ("shared.outbox", "city = :schema OR ids::text ~ :ids"),
            ("platform.signup", "city_id = :id OR slug = ANY(:slugs)"),
            ("platform.operation", "city_id = :id AND id IS DISTINCT FROM :operation"),
            *_found(connection),
            ("platform.city", "id = :id"),
        )
    }
    _run(connection, _BLUNT_OPERATIONS, values)
    _run(connection, "UPDATE platform.audit_entry SET details = '{}' WHERE city_id = :id", values)
    return {table.removeprefix("platform."): number for table, number in removed.items() if number}


_MAILS = (
    "about = :id OR about IN (SELECT id::text FROM platform.signup WHERE city_id = :id OR slug = ANY(:slugs))"
    " OR (about = '' AND text ~ :hosts)"
)


# Operations on other cities, or on none, that made this one or were made from it; those under way are left alone.
_BLUNT_OPERATIONS = (
    "UPDATE platform.operation SET wish = '{}', outcome = '{}', error = ''"
    " WHERE city_id = :id OR (state IN ('done', 'failed') AND"
    " (concat(wish, outcome, error) ~ :ids OR wish->>'address' = ANY(:slugs)))"
)


def _found(connection: Connection) -> list[tuple[str, str]]:
    """Return every other table that names cities, with its condition: a table that comes later is covered, too."""
    done = {"city", "mail", "signup", "operation", "outbox", *KEPT}
    conditions = {"city_id": "city_id = :id", "city": "city = :schema"}
    return [
        (f"{schema}.{table}", conditions[column])
        for schema, table, column in columns(connection, "^city(_id)?$", "platform", "shared")
        if table not in done
    ]


def addresses_left(connection: Connection, marks: Marks) -> int:
    """Return how many mail addresses of the city's people the platform still holds, for others.

    Asked when the city's rows in the platform's tables are gone and its own are still there. What is found belongs to
    another city's sign-up or mail, or to an operator.
    """
    held: set[str] = set()
    for schema, name in tables(connection, "platform", "shared"):
        found = connection.scalars(
            text(
                f"SELECT DISTINCT lower(m[1]) FROM {schema}.{name} t, regexp_matches(t::text, :email, 'g') m"  # noqa: S608
            ),
            {"email": EMAIL},
        )
        held.update(found)
    if not held:
        return 0
    mine: set[str] = set()
    for schema, name, column in columns(connection, "(^|_)(email|recipient)$", marks.schema):
        statement = (
            f'SELECT DISTINCT lower("{column}") FROM "{schema}"."{name}" WHERE lower("{column}") = ANY(:held)'  # noqa: S608
        )
        mine.update(connection.scalars(text(statement), {"held": sorted(held)}))
    return len(mine)


def _run(connection: Connection, statement: str, values: Values) -> int:
    named = {name: value for name, value in values.items() if f":{name}" in statement}
    return connection.execute(text(statement), named).rowcount
