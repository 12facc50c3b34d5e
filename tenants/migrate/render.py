"""Turn a range of revisions into SQL statements, once, to be replayed in any number of schemas."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.core.db import NAMES

ROLE = "{city_role}"
Stretch = tuple[str | None, str, bool]
Batch = Callable[[psycopg.Connection[tuple[object, ...]]], bool]
# Alembic's `op` is one object for the whole process.
one_at_a_time = threading.RLock()


@dataclass
class Statements:
    """Collects what Alembic writes in offline mode: each write is one statement."""

    lines: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Take one statement."""
        statement = text.strip().removesuffix(";").strip()
        if statement and not statement.startswith("--"):
            self.lines.append(statement)

    def flush(self) -> None:
        """Do nothing: every write is whole."""


@cache
def history(folder: Path) -> ScriptDirectory:
    """Return the revisions in `folder`."""
    return ScriptDirectory(str(folder), version_locations=[str(folder)])


@cache
def head(folder: Path) -> str | None:
    """Return the newest revision in `folder`; None where there is none. Raises when the history has branches."""
    return history(folder).get_current_head() if folder.is_dir() else None


def knows(folder: Path, revision: str) -> bool:
    """Tell whether `revision` is one of this history."""
    return revision in _names(folder)


def is_online(script: Script) -> bool:
    """Tell whether a revision works row by row, in batches, instead of by statements."""
    return bool(getattr(script.module, "online", False))


@cache
def stretches(folder: Path, start: str | None, end: str) -> tuple[Stretch, ...]:
    """Return the way from `start` to `end`, cut where a revision works row by row; from nothing there are no rows."""
    if start is None:
        return ((None, end, False),)
    cut: list[Stretch] = []
    for script in _between(folder, start, end):
        online, before = is_online(script), cut[-1] if cut else None
        if before is None or online or before[2]:
            cut.append((before[1] if before else start, script.revision, online))
        else:
            cut[-1] = (before[0], script.revision, False)
    return tuple(cut)


@cache
def render(folder: Path, start: str | None, end: str | None) -> tuple[str, ...]:
    """Return the statements that lead from revision `start` (None: from nothing) to `end`.

    `{city_role}` in a statement stands for the role of the city it is replayed for.
    """
    if start == end:
        return ()
    with one_at_a_time:
        return _render(folder, start, end)


def batch(folder: Path, revision: str) -> Batch:
    """Return what does one batch of a revision that works row by row, and tells whether there is more to do."""
    script = history(folder).get_revision(revision)
    if script is None:
        raise LookupError(f"{folder} has no revision {revision}")
    found: Batch = script.module.batch
    return found


def _render(folder: Path, start: str | None, end: str | None) -> tuple[str, ...]:
    statements = Statements()
    with Operations.context(offline(statements)):
        for script in _between(folder, start, end):
            if not is_online(script):
                script.module.upgrade()
    return tuple(statements.lines)


def offline(statements: Statements) -> MigrationContext:
    """Return what makes Alembic write SQL instead of asking a database."""
    return MigrationContext.configure(
        # With another style of parameters every % would be written twice.
        dialect=PGDialect_psycopg(paramstyle="named"),  # type: ignore[no-untyped-call]
        opts={
            "as_sql": True,
            "output_buffer": statements,
            "target_metadata": MetaData(naming_convention=NAMES),
        },
    )


def _between(folder: Path, start: str | None, end: str | None) -> list[Script]:
    return list(history(folder).iterate_revisions(end, start or "base"))[::-1]


@cache
def _names(folder: Path) -> frozenset[str]:
    return frozenset(script.revision for script in history(folder).walk_revisions())
