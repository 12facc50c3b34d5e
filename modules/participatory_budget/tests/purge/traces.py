"""All that a deployment keeps, read as rows of values: what is equal in two rows could join them."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from redis import Redis
from sqlalchemy import Connection, text

from modules.participatory_budget.rules import proof

SMALL = 2**20
"""Numbers below this are places, sums and money: they are equal by chance."""
LEAST_BYTES, LEAST_TEXT = 4, 6
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_HEX = re.compile(r"\b[0-9a-f]{16,}\b")
_BASE64 = re.compile(r"^[A-Za-z0-9+/_=-]{16,}$")
_CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]\b")
_LIST = re.compile(r"^\s*\d+(?:[\s,;.|]+\d+)+\s*$")
_INNER_LIST = re.compile(r"\d+(?:[\s,;.|]+\d+)+")
_TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
ORDER BY table_schema, table_name
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row, a key, a file or a line, with all values in it by which it could be found."""

    where: str
    values: frozenset[str]
    cells: Mapping[str, object] = field(default_factory=dict, hash=False, compare=False)

    @property
    def table(self) -> str:
        """Return the table, or whatever else it lies in."""
        return self.where.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values; knows the numbers and titles of the projects, and words to look for in every text."""

    projects: Mapping[str, int]
    ids: Mapping[str, int]
    words: frozenset[str]

    def values(self, cell: object) -> Iterator[str]:
        """Yield what a cell can be joined by; a choice is the same value however it is written."""
        yield from self._choice(cell)
        match cell:
            case bool() | None:
                return
            case int():
                if abs(cell) >= SMALL:
                    yield f"number {cell}"
            case UUID():
                yield f"bytes {cell.hex}"
            case bytes() | memoryview():
                if len(bytes(cell)) >= LEAST_BYTES:
                    yield f"bytes {bytes(cell).hex()}"
            case datetime():
                if cell.microsecond:
                    yield f"time {cell.timestamp():.6f}"
            case date():
                return
            case str():
                yield from self._text(cell)
            case Mapping():
                for part in (*cell, *cell.values()):
                    yield from self.values(part)
            case Iterable():
                for part in cell:
                    yield from self.values(part)

    def _text(self, cell: str) -> Iterator[str]:
        lower = cell.lower()
        if LEAST_TEXT <= len(cell) <= 200:
            yield f"text {lower}"
        for found in _UUID.findall(lower):
            yield f"bytes {found.replace('-', '')}"
        for found in _HEX.findall(lower):
            yield f"bytes {found}"
        for found in _CODE.findall(cell):
            with suppress(proof.ReceiptError):
                yield f"bytes {proof.leaf(proof.read_receipt(found)).hex()}"
        for word in self.words:
            if word in lower:
                yield f"word {word}"
        if cell[:1] in "{[":
            with suppress(ValueError):
                yield from self.values(json.loads(cell))
        elif _BASE64.match(cell):
            with suppress(binascii.Error):
                yield f"bytes {base64.urlsafe_b64decode(cell + '=' * (-len(cell) % 4)).hex()}"
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError:
            return
        yield from self.values(moment)

    def _choice(self, cell: object) -> Iterator[str]:
        within = _INNER_LIST.findall(cell) if isinstance(cell, str) else []
        for part in (cell, *within):
            numbers = self.named(part)
            if len(numbers) >= 2:
                yield choice(numbers)

    def named(self, cell: object) -> set[int]:
        """Return the numbers of the projects that a value names, in whatever way."""
        known = set(self.projects.values())
        match cell:
            case bytes() | memoryview():
                raw = bytes(cell)
                found = [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]
            case str():
                titles = {self.projects[title] for title in re.findall(r"(?:Green city|Streets) \d+", cell)}
                by_id = {self.ids[ident] for ident in _UUID.findall(cell) if ident in self.ids}
                typed = [int(one) for one in re.findall(r"\d+", cell)] if _LIST.match(cell) else []
                return titles or by_id or (set(typed) if set(typed) <= known else set())
            case Mapping():
                found = [int(key) for key in cell if str(key).isdigit()]
                if len(found) != len(cell):
                    return set()
            case list() | tuple():
                found = [int(one) for one in cell if str(one).isdigit()]
                if len(found) != len(cell):
                    return set()
            case _:
                return set()
        return set(found) if set(found) <= known else set()


def choice(numbers: Iterable[int]) -> str:
    """Return the value that a choice is joined by."""
    return "choice " + ".".join(str(number) for number in sorted(numbers))


def rows_of(connection: Connection, reader: Reader) -> Iterator[Row]:
    """Yield every row of every table of every schema, with the transactions that wrote or locked it."""
    for schema, table in connection.execute(text(_TABLES)).all():
        named = f'"{schema}"."{table}"'
        lying = connection.execute(text(f"SELECT ctid::text, xmin::text, xmax::text, t.* FROM {named} t"))
        for row in lying.mappings():
            cells = dict(row)
            place, *moves = (cells.pop(name) for name in ("ctid", "xmin", "xmax"))
            values = {f"transaction {one}" for one in moves if one != "0"}
            for cell in cells.values():
                values.update(reader.values(cell))
            yield Row(f"{schema}.{table} {place}", frozenset(values), cells)


def keys_of(client: Redis, reader: Reader) -> Iterator[Row]:
    """Yield what Redis holds, key by key."""
    place = client.connection_pool.connection_kwargs
    raw = Redis(**{name: place[name] for name in ("host", "port", "db", "path", "password") if name in place})
    for key in raw.keys("*"):
        held = {
            b"string": lambda key: [raw.get(key)],
            b"hash": lambda key: [part for pair in raw.hgetall(key).items() for part in pair],
            b"list": lambda key: raw.lrange(key, 0, -1),
            b"set": lambda key: list(raw.smembers(key)),
            b"zset": lambda key: raw.zrange(key, 0, -1),
            b"stream": lambda key: [json.dumps(repr(raw.xrange(key)))],
        }[raw.type(key)](key)
        yield Row(f"redis:{key.decode()}", _of_bytes([key, *held], reader))
    raw.close()


def files_of(folder: Path, reader: Reader) -> Iterator[Row]:
    """Yield the files of a folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield Row(f"file:{path.name}", _of_bytes([path.name.encode(), path.read_bytes()], reader))


def lines_of(records: Iterable[object], reader: Reader) -> Iterator[Row]:
    """Yield the lines of a log with everything that goes with them."""
    for record in records:
        said = [record.getMessage(), str(record.__dict__)]  # type: ignore[attr-defined]
        extras = [
            value for value in record.__dict__.values() if isinstance(value, str | bytes | tuple | dict)
        ]
        values = {value for part in (*said, *extras) for value in reader.values(part)}
        yield Row(f"log:{record.name}", frozenset(values))  # type: ignore[attr-defined]


def _of_bytes(parts: Iterable[bytes], reader: Reader) -> frozenset[str]:
    found: set[str] = set()
    for part in parts:
        found.update(reader.values(part))
        found.update(reader.values(part.decode("utf-8", "replace")))
    return frozenset(found)
