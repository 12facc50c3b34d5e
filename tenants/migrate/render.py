"""Turn a range of revisions into SQL statements, once, to be replayed in any number of schemas."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from app.core.db import NAMES

ROLE = "{city_role}"


@dataclass
class _Statements:
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


def head(folder: Path) -> str | None:
    """Return the newest revision in `folder`; None where there is none. Raises when the history has branches."""
    return history(folder).get_current_head() if folder.is_dir() else None


@cache
def render(folder: Path, start: str | None, end: str | None) -> tuple[str, ...]:
    """Return the statements that lead from revision `start` (None: from nothing) to `end`.

    `{city_role}` in a statement stands for the role of the city it is replayed for.
    """
    if start == end:
        return ()
    statements = _Statements()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={
            "as_sql": True,
            "output_buffer": statements,
            "target_metadata": MetaData(naming_convention=NAMES),
        },
    )
    revisions = list(history(folder).iterate_revisions(end, start or "base"))
    with Operations.context(context):
        for revision in reversed(revisions):
            revision.module.upgrade()
    return tuple(statements.lines)
