"""Write one city into one archive: its tables, its files, and how to read them without us."""

import io
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Row, text

from app.core import stores
from app.core.stores.folder import FolderStore
from tenants.archive import catalog, describe, scope, source
from tenants.archive.anonymous import Replacer
from tenants.archive.bound import binding, hidden
from tenants.archive.catalog import column_list, quoted
from tenants.archive.drafts import draft
from tenants.archive.errors import Refused
from tenants.archive.manifest import KEPT, REPLACED, City, Manifest, Sequence, Switch, TableInfo, instant
from tenants.archive.progress import Tell, nobody
from tenants.archive.scope import Member
from tenants.archive.zipped import MANIFEST, PIECE, Sink, Writer
from tenants.migrate import plan

_CITY = text("SELECT * FROM platform.city WHERE id = :id")
_SWITCHES = text('SELECT * FROM platform.module_toggle WHERE city_id = :id ORDER BY module COLLATE "C"')
_DOMAINS = text('SELECT host FROM platform.domain WHERE city_id = :id ORDER BY host COLLATE "C"')
_QUOTAS = text('SELECT resource, most FROM platform.quota WHERE city_id = :id ORDER BY resource COLLATE "C"')
_REVISIONS = text('SELECT module, revision FROM module_revision ORDER BY module COLLATE "C"')


@dataclass(frozen=True, slots=True)
class Wish:
    """What an export is to hold."""

    people: bool = True
    """False replaces the people of the city by made-up ones."""
    open_votes: bool = True
    """False refuses while something in the city may not be known yet, such as how an open vote stands."""
    files: Path | None = None
    """Where the city's uploads lie; None: where this deployment keeps them."""


def export(
    city_id: str,
    stream: IO[bytes],
    *,
    source_connection: Connection | None = None,
    wish: Wish = Wish(),
    tell: Tell = nobody,
) -> Manifest:
    """Write the city's archive to `stream` and return its manifest; raises Refused.

    Memory stays small however large the city is. `source_connection` is a connection to another database of ours, on
    which no transaction is open; without it the city is read where it lives.
    """
    with _seekable(stream) as out:
        opened = (
            nullcontext(source_connection) if source_connection is not None else source.connection_of_owner()
        )
        with opened as connection, source.snapshot(connection, f"c_{city_id}"), Writer(out) as writer:
            return _Export(connection, city_id, writer, wish, tell).write()


class _Export:
    """One export on its way."""

    def __init__(self, connection: Connection, city_id: str, writer: Writer, wish: Wish, tell: Tell) -> None:
        self.connection, self.city_id, self.schema = connection, city_id, f"c_{city_id}"
        self.writer, self.wish, self.tell = writer, wish, tell
        self.replacer = None if wish.people else Replacer()

    def write(self) -> Manifest:
        manifest, members = self._describe()
        describe.explain(self.writer, manifest, members)
        total = len(members) + 1
        tables = []
        for place, (member, info) in enumerate(zip(members, manifest.tables, strict=True)):
            self.tell(member.table.name, place, total)
            tables.append(replace(info, rows=self._table(member)))
        self.tell("files", total - 1, total)
        self._files()
        manifest = replace(manifest, tables=tables, members=dict(self.writer.sums))
        self.writer.add(MANIFEST, manifest.text())
        self.writer.add_sums()
        self.tell("done", total, total)
        return manifest

    def _describe(self) -> tuple[Manifest, list[Member]]:
        row = self.connection.execute(_CITY, {"id": self.city_id}).one_or_none()
        tables, sequences = catalog.read(self.connection, self.schema)
        if row is None or not tables:
            raise Refused(f"There is no city with the id {self.city_id} in this database.")
        revisions = {row.module: row.revision for row in self.connection.execute(_REVISIONS)}
        _must_know(revisions)
        bound = binding(self.connection, self.city_id, revisions)
        if not self.wish.open_votes and (unknown := hidden(self.connection, revisions)):
            raise Refused("Votes are open in this city, or not published yet: " + "; ".join(unknown))
        members, left_out = scope.members(tables)
        manifest = Manifest(
            city=_city(row),
            people=KEPT if self.wish.people else REPLACED,
            modules=[
                self._switch(found) for found in self.connection.execute(_SWITCHES, {"id": self.city_id})
            ],
            domains=list(self.connection.scalars(_DOMAINS, {"id": self.city_id})),
            quotas={
                found.resource: found.most for found in self.connection.execute(_QUOTAS, {"id": self.city_id})
            },
            revisions=revisions,
            tables=[_info(member) for member in members],
            sequences=[self._sequence(name) for name in sequences],
            left_out=left_out,
            bound=bound,
        )
        return manifest, members

    def _switch(self, row: Row[Any]) -> Switch:
        by = row.changed_by if self.wish.people else ""
        return Switch(row.module, row.on, instant(row.changed_at), by)

    def _sequence(self, name: str) -> Sequence:
        found = self.connection.exec_driver_sql(
            f"SELECT last_value, is_called FROM {quoted(self.schema)}.{quoted(name)}"  # noqa: S608
        ).one()
        return Sequence(name, found.last_value, found.is_called)

    def _table(self, member: Member) -> int:
        raw: Any = self.connection.connection.driver_connection
        with self.writer.member(f"tables/{member.table.name}.csv") as sink, raw.cursor() as cursor:
            with cursor.copy(self._copy_statement(member)) as copy:
                _pour(iter(copy), sink)
            return int(cursor.rowcount)

    def _copy_statement(self, member: Member) -> str:
        columns = column_list(column.name for column in member.columns)
        condition = ""
        if self.replacer is not None:
            columns = self.replacer.reading(member, member.columns)
            condition = "WHERE false" if member.not_copied or member.model is None else ""
        order = ", ".join(_ordered(member, name) for name in member.table.key) or "ctid"
        table = f"{quoted(self.schema)}.{quoted(member.table.name)}"
        rows = f"SELECT {columns} FROM {table} t {condition} ORDER BY {order}"  # noqa: S608
        return f"COPY ({rows}) TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8')"

    def _files(self) -> None:
        kept, city_id = stores.store(), self.city_id
        if self.wish.files is not None:
            kept, city_id = FolderStore(self.wish.files.parent), self.wish.files.name
        for name in uploads(kept, city_id):
            # What residents sent is theirs: a copy without people is one without it.
            if not self.wish.people and name.startswith(f"{stores.UPLOADS}/"):
                continue
            with self.writer.member(f"files/{name}") as sink, closing(kept.open(city_id, name)) as stream:
                while piece := stream.read(PIECE):
                    sink.write(piece)


def uploads(kept: stores.Store, city_id: str) -> list[str]:
    """Return the files of a city in the order of their names; what begins with a dot is being written, or infected."""
    names = (one.name for one in kept.kept(city_id))
    return sorted((name for name in names if not _is_hidden(name)), key=lambda name: name.split("/"))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _pour(pieces: Iterator[bytes | memoryview], sink: Sink) -> None:
    """Write many small pieces as few large ones."""
    waiting = io.BytesIO()
    for piece in pieces:
        waiting.write(piece)
        if waiting.tell() >= PIECE:
            sink.write(waiting.getbuffer()[: waiting.tell()].tobytes())
            waiting.seek(0)
            waiting.truncate()
    sink.write(waiting.getvalue())


def _ordered(member: Member, name: str) -> str:
    """Return how to order by one column of the key: words by their bytes, not by the language of a server."""
    column = member.table.column(name)
    return f't.{quoted(name)} COLLATE "C"' if column.words else f"t.{quoted(name)}"


def _must_know(revisions: dict[str, str]) -> None:
    strange = plan.unknown(revisions)
    if strange:
        listed = ", ".join(f"{owner} at {revision}" for owner, revision in strange.items())
        raise Refused(
            f"The city has tables of {listed}, which this deployment does not know, so that nobody can say what is"
            " personal in them. Install the module, or use the version of Parvis that made them."
        )


def _city(row: Row[Any]) -> City:
    return City(
        address=row.slug,
        name=row.name,
        published=row.published,
        languages=list(row.languages),
        time_zone=row.time_zone,
        currency=row.currency,
        brand=row.brand,
        hero=row.hero,
        tagline=dict(sorted(row.tagline.items())),
        contact_email=row.contact_email,
        created_at=instant(row.created_at),
        look=dict(sorted(row.look.items())),
    )


def _info(member: Member) -> TableInfo:
    return TableInfo(member.table.name, [column.name for column in member.columns], list(member.table.key), 0)


@contextmanager
def _seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a file to write to; where the stream cannot go back, a temporary one that is handed on at the end."""
    if stream.seekable():
        yield stream
        return
    with draft() as out:
        yield out
        out.seek(0)
        shutil.copyfileobj(out, stream, PIECE)
