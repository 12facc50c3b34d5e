"""Background work: declared by name, asked for inside a transaction, run after it has committed.

A request for work is a row of `shared.outbox` written by the same transaction as its cause
(docs/decisions/0004-outbox.md). Tasks get ids only, and may run twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ParamSpec

from sqlalchemy import BigInteger, Column, DateTime, Identity, MetaData, String, Table, event, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.context import city_or_none
from app.core.db import db

P = ParamSpec("P")
Id = str | int

outbox = Table(
    "outbox",
    MetaData(),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("city", String(63), nullable=True),
    Column("task", String(120), nullable=False),
    Column("ids", JSONB, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    schema="shared",
)


@dataclass(frozen=True, slots=True)
class Task:
    """A named job; the worker binds it to Celery."""

    name: str
    run: Callable[..., None]
    every: timedelta | None = None
    of_platform: bool = False

    @property
    def owner(self) -> str:
        """Return the module the task belongs to; `platform` for the platform's own."""
        return self.name.split(".", 1)[0]


TASKS: dict[str, Task] = {}
_nudges: list[Callable[[], None]] = []


def task(
    name: str, *, every: timedelta | None = None, of_platform: bool = False
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Declare a task called `<module>.<verb>`; with `every` it also runs on its own in each city.

    A task `of_platform` runs once for the deployment, outside any city.
    """

    def declare(run: Callable[P, None]) -> Callable[P, None]:
        TASKS[name] = Task(name, run, every, of_platform)
        return run

    return declare


def enqueue(name: str, *, at: datetime | None = None, **ids: Id) -> None:
    """Ask for a task once this transaction has committed, not before `at`; raises LookupError for an unknown name."""
    if name not in TASKS:
        raise LookupError(f"no task is called {name}")
    city = city_or_none()
    of_city = not TASKS[name].of_platform
    if of_city and city is None:
        raise LookupError(f"{name} needs a city")
    row = {"city": city.schema if city and of_city else None, "task": name, "ids": ids, "due_at": at or now()}
    bind = {} if city else {"bind": db.engines["platform"]}
    db.session.execute(insert(outbox).inline().values(row), bind_arguments=bind)
    if at is None or at <= now():
        db.session().info["nudge"] = True


def nudge_with(call: Callable[[], None]) -> None:
    """Call `call` after each commit that left something in the outbox; it must not raise."""
    _nudges.append(call)


@event.listens_for(Session, "after_commit")
def _nudge(session: Session) -> None:
    # Releasing a savepoint comes here, too; then nobody else can see the work yet.
    if not session.in_nested_transaction() and session.info.pop("nudge", False):
        for call in _nudges:
            call()


def discard_nudges() -> None:
    """Forget who is called after commits; for tests and for tools that run without a worker."""
    _nudges.clear()


def due_rows(limit: int) -> list[tuple[int, str | None, str, dict[str, Id]]]:
    """Take up to `limit` due rows out of the outbox, locked until the transaction ends; skips locked ones."""
    rows = db.session.execute(
        text(
            "DELETE FROM shared.outbox WHERE id IN (SELECT id FROM shared.outbox WHERE due_at <= :now"
            " ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED) RETURNING id, city, task, ids"
        ),
        {"limit": limit, "now": now()},
        bind_arguments={"bind": db.engines["platform"]},
    )
    return sorted((r.id, r.city, r.task, r.ids) for r in rows)
