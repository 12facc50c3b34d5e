"""What tables a schema has, read from PostgreSQL's catalog through its indexes: it is never scanned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from sqlalchemy import Connection, text

_RELATIONS = text("""
SELECT c.oid, c.relname AS name, c.relkind AS kind
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
WHERE d.refclassid = 'pg_namespace'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = :schema)
  AND c.relkind IN ('r', 'p', 'S') AND NOT c.relispartition
ORDER BY c.relname
""")
_COLUMNS = text("""
SELECT a.attrelid AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS needed,
       a.attgenerated <> '' AS generated, t.typcategory = 'S' AS words
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = ANY(:oids) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
""")
_KEYS = text("""
SELECT i.indrelid AS table, a.attname AS name
FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indrelid = ANY(:oids) AND i.indisprimary ORDER BY i.indrelid, k.place
""")
_REFERENCES = text("""
SELECT f.conrelid AS table, f.confrelid AS target,
       (SELECT array_agg(attname::text ORDER BY place) FROM unnest(f.conkey) WITH ORDINALITY k(number, place)
        JOIN pg_attribute ON attrelid = f.conrelid AND attnum = number) AS columns,
       (SELECT array_agg(attname::text ORDER BY place) FROM unnest(f.confkey) WITH ORDINALITY k(number, place)
        JOIN pg_attribute ON attrelid = f.confrelid AND attnum = number) AS targets
FROM pg_constraint f WHERE f.conrelid = ANY(:oids) AND f.contype = 'f' AND f.conparentid = 0
ORDER BY f.conrelid, f.conname
""")


@dataclass(frozen=True, slots=True)
class Column:
    """One column as PostgreSQL has it."""

    name: str
    type: str
    needed: bool
    generated: bool
    words: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(slots=True)
class Table:
    """One table as PostgreSQL has it."""

    name: str
    columns: list[Column] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def column(self, name: str) -> Column:
        """Return the column called `name`; raises KeyError."""
        return {column.name: column for column in self.columns}[name]


def read(connection: Connection, schema: str) -> tuple[dict[str, Table], list[str]]:
    """Return the tables of a schema by name, and the names of its sequences."""
    found = connection.execute(_RELATIONS, {"schema": schema}).all()
    tables = {row.oid: Table(row.name) for row in found if row.kind != "S"}
    oids = {"oids": list(tables)}
    for row in connection.execute(_COLUMNS, oids):
        tables[row.table].columns.append(Column(row.name, row.type, row.needed, row.generated, row.words))
    for row in connection.execute(_KEYS, oids):
        tables[row.table].key.append(row.name)
    for row in connection.execute(_REFERENCES, oids):
        if row.target in tables:
            target = tables[row.target].name
            tables[row.table].references.append(Reference(tuple(row.columns), target, tuple(row.targets)))
    return {table.name: table for table in tables.values()}, [row.name for row in found if row.kind == "S"]


def in_loading_order(tables: Mapping[str, Table]) -> list[str]:
    """Return the names so that each table comes after those it points to, else by name; raises ValueError on a ring."""
    graph = TopologicalSorter[str]()
    for name, table in tables.items():
        graph.add(name, *{ref.table for ref in table.references if ref.table in tables} - {name})
    try:
        graph.prepare()
    except CycleError as error:
        raise ValueError(f"tables point to each other in a ring: {', '.join(error.args[1])}") from error
    order: list[str] = []
    while graph.is_active():
        ready = sorted(graph.get_ready())
        order += ready
        graph.done(*ready)
    return order


def quoted(name: str) -> str:
    """Return an identifier for SQL, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def column_list(names: Iterable[str]) -> str:
    """Return identifiers for SQL, separated by commas."""
    return ", ".join(quoted(name) for name in names)
