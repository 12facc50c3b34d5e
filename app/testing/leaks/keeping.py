"""What is kept where: fingerprints of tables, files and Redis, and how everything was before."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import time_machine
from flask import Flask

from app.core import redis
from app.core.db import end_transaction
from app.testing.leaks.filling import Twin
from tenants import resolve

COPIES = "kept_for_isolation"
_TABLES = """
SELECT n.nspname, c.relname,
  array(SELECT quote_ident(a.attname) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = ANY(%s) AND c.relname <> 'module_revision' ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What is not as it was kept, at one moment."""

    touched: tuple[str, ...] = ()
    """Tables that were written to, even if they say the same as before."""
    changed: tuple[str, ...] = ()
    """Tables that say something else than before."""
    of_there: tuple[str, ...] = ()
    """What belongs to the other city and has changed, and where its words lie that should not."""


@dataclass(slots=True)
class Keeper:
    """Looks at everything with the owner's login and puts it back as it was."""

    app: Flask
    here: Twin
    there: Twin
    owner: psycopg.Connection[Any]
    set_clock_back: Callable[[], None]
    tables: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    redis_keys: set[str] = field(default_factory=set)
    cities: set[str] = field(default_factory=set)
    """The ids of all cities that there were at some time."""
    _rows: dict[str, tuple[object, ...]] = field(default_factory=dict)
    _words: dict[str, tuple[object, ...]] = field(default_factory=dict)
    _beside: dict[str, object] = field(default_factory=dict)
    _strange: frozenset[str] = frozenset()
    _next: int = 0
    _read: dict[tuple[Path, int], bool] = field(default_factory=dict)

    def keep(self) -> None:
        """Copy every table as it is now."""
        schemas = [self.here.schema, self.there.schema, "platform", "shared"]
        self.owner.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE; CREATE SCHEMA {COPIES}")
        for schema, table, columns in self.owner.execute(_TABLES, (schemas,)):
            name = f"{schema}.{table}"
            self.tables[name] = f'"{schema}"."{table}"', columns
            self.owner.execute(f'CREATE TABLE {COPIES}."{name}" AS TABLE "{schema}"."{table}"')
        self._rows, self._words = self._look_at_rows(), self._look_at_words(self.tables)
        self._beside, self._strange = self._files() | self._redis(), frozenset(self._strange_files())

    def look(self) -> Look:
        """Compare everything with how it was kept."""
        rows = self._look_at_rows()
        touched = [name for name in self.tables if rows[name] != self._rows[name]]
        if "platform.city" in touched or not self.cities:
            self.cities.update(row[0] for row in self.owner.execute("SELECT id FROM platform.city"))
        words = self._look_at_words(touched)
        changed = [name for name in touched if words[name][:2] != self._words[name][:2]]
        beside = self._files() | self._redis()
        of_there = [name for name in changed if self._is_theirs(name, words[name], self._words[name])]
        of_there += [name for name in {*beside, *self._beside} if beside.get(name) != self._beside.get(name)]
        strange = frozenset(self._strange_files())
        of_there += [f"{name}, where its words are now" for name in strange - self._strange]
        self._strange |= strange
        return Look(tuple(touched), tuple(changed), tuple(sorted(of_there)))

    def touched(self) -> tuple[str, ...]:
        """Return the tables that were written to since all was as it was kept; at once when no transaction wrote."""
        before, self._next = self._next, self._next_transaction()
        if before == self._next:
            return ()
        rows = self._look_at_rows()
        return tuple(name for name in self.tables if rows[name] != self._rows[name])

    def put_back(self, touched: tuple[str, ...]) -> None:
        """Put these tables back as they were and forget what Redis has."""
        if touched:
            self.restore(Look(touched=touched), all_keys=True)
            self._next = self._next_transaction()

    def restore(self, now: Look, *, all_keys: bool = False) -> None:
        """Put every table back as it was; forget what Redis has of the two cities, or all of it."""
        lines = []
        for name in now.touched:
            where, columns = self.tables[name]
            names = ", ".join(columns)
            lines.append(f"DELETE FROM {where}")
            lines.append(
                f'INSERT INTO {where} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {COPIES}."{name}"'
            )
        if lines:
            changes = "; ".join(lines)
            self.owner.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {changes}; COMMIT")
            self._rows = self._look_at_rows()
        self.forget_redis(all_keys=all_keys)
        self.set_clock_back()
        if any(name.startswith("platform.") for name in now.touched):
            with self.app.app_context():
                resolve.change()
                end_transaction(keep=True)

    def forget_redis(self, *, all_keys: bool) -> None:
        """Forget keys, so that no limit is reached, and remember which there were, of hashes with the fields.

        A key without a city stays for as long as pages are read: what one city left there may show in the other.
        """
        with self.app.app_context():
            client = redis.client()
            for key in client.scan_iter(count=1000):
                fields = map(str, client.hkeys(key)) if client.type(key) == "hash" else ()
                self.redis_keys.update([f"{key} {name}" for name in fields] or [str(key)])
                if all_keys or self.here.id in str(key) or self.there.id in str(key):
                    client.delete(key)

    def _next_transaction(self) -> int:
        """Return the number that the next transaction gets that writes."""
        found = self.owner.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        return int(found[0]) if found else 0

    def _is_theirs(self, name: str, now: tuple[object, ...], before: tuple[object, ...]) -> bool:
        """Tell whether a change concerns the other city: in its own tables any, elsewhere of what names it."""
        return name.startswith(self.there.schema + ".") or now[2:] != before[2:]

    def _look_at_rows(self) -> dict[str, tuple[object, ...]]:
        """Return for each table how many rows there are and which transactions wrote them: quick, and exact."""
        each = (
            f"SELECT '{name}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM {where}"
            for name, (where, _columns) in self.tables.items()
        )
        found = self.owner.execute(" UNION ALL ".join(each), prepare=True)
        return {name: (number, total) for name, number, total in found}

    def _look_at_words(self, names: Iterable[str]) -> dict[str, tuple[object, ...]]:
        """Return for each table a sum of what all rows say, and another of the rows that name the other city."""
        marked = f"t::text ILIKE '%{self.there.mark}%' OR t::text LIKE '%{self.there.id}%'"
        total = "coalesce(sum(hashtextextended(t::text, 0)), 0)"
        each = [
            f"SELECT '{name}', count(*), {total}, count(*) FILTER (WHERE {marked}),"
            f" {total.replace(', 0)), 0)', f', 0)) FILTER (WHERE {marked}), 0)')} FROM {self.tables[name][0]} t"
            for name in names
        ]
        found = self.owner.execute(" UNION ALL ".join(each)).fetchall() if each else []
        return {name: tuple(values) for name, *values in found}

    def _files(self) -> dict[str, object]:
        folder = self._folder / self.there.id
        return {
            f"file {path.relative_to(self._folder)}": hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def _strange_files(self) -> Iterator[str]:
        """Yield mails and files outside the other city's own that hold its words; each is read once."""
        mark = self.there.mark.lower().encode()
        mails = Path(self.app.config["PARVIS"].mail_url.removeprefix("file://"))
        for folder in (mails, self._folder):
            for path in sorted(folder.rglob("*")):
                own = path.is_relative_to(self._folder / self.there.id)
                if own or not path.is_file():
                    continue
                version = path, path.stat().st_mtime_ns
                if version not in self._read:
                    self._read[version] = mark in path.read_bytes().lower()
                if self._read[version]:
                    yield f"file {path.relative_to(folder)}"

    @property
    def _folder(self) -> Path:
        folder: Path = self.app.config["PARVIS"].files_dir
        return folder

    def _redis(self) -> dict[str, object]:
        with self.app.app_context():
            client = redis.client()
            mine = sorted(key for key in client.scan_iter(count=1000) if self.there.id in str(key))
        return {f"redis {key}": True for key in mine}


@contextmanager
def keeping(app: Flask, here: Twin, there: Twin) -> Iterator[Keeper]:
    """Keep how everything is now; the copies go at the end.

    The clock is set back with everything else: links to come in live for minutes, a busy machine may take longer.
    """
    url = app.config["PARVIS"].database.set(drivername="postgresql").render_as_string(hide_password=False)
    start = datetime.now(UTC)
    with psycopg.connect(url, autocommit=True) as owner, time_machine.travel(start, tick=True) as clock:
        keeper = Keeper(app, here, there, owner, lambda: clock.move_to(start))
        # All tables are looked at after every form: to start other processes for that takes longer than the look.
        owner.execute("SET max_parallel_workers_per_gather = 0")
        # What both cities have put off until later would come due in the middle.
        owner.execute("DELETE FROM shared.outbox")
        keeper.forget_redis(all_keys=True)
        keeper.keep()
        try:
            yield keeper
        finally:
            owner.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE")
