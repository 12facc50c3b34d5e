"""Background work: declared by name, asked for inside a transaction, run after it has committed.

A request for work is a row of `shared.outbox` written by the same transaction as its cause
(docs/decisions/0004-outbox.md). Tasks get ids only, and may run twice.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ParamSpec, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, MetaData, String, Table, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.core import jobs_due
from app.core.clock import now
from app.core.context import city_or_none
from app.core.db import db
from app.core.reading import Query, carry_out

P = ParamSpec("P")
R = TypeVar("R", bound=bool | None)
Id = str | int

outbox = Table(
    "outbox",
    MetaData(),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("city", String(63), nullable=True),
    Column("task", String(120), nullable=False),
    Column("ids", JSONB, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("lane", String(8), nullable=False),
    Column("ready", Boolean, nullable=False),
    schema="shared",
)
_ASK = text(
    "INSERT INTO shared.outbox (city, task, ids, due_at, lane, ready)"
    " VALUES (:city, :task, CAST(:ids AS jsonb), :due_at, :lane, :ready)"
)
_ASK_IN_CITY: Query[()] = Query(_ASK)


class Lane(StrEnum):
    """How much somebody waits for a task; no lane is held up by what is in another."""

    PROMPT = "prompt"
    """Somebody waits for it: a link that signs in, a receipt, a city that is being made."""
    ROUTINE = "routine"
    """What runs on its own or takes minutes."""
    BULK = "bulk"
    """What is sent or done for very many people at once."""

    @property
    def queue(self) -> str:
        """Return what the lane is called in the broker; `celery` is what it was called when there was one."""
        return "celery" if self is Lane.PROMPT else self.value


@dataclass(frozen=True, slots=True)
class Task:
    """A named job; the worker binds it to Celery."""

    name: str
    run: Callable[..., bool | None]
    every: timedelta | None = None
    of_platform: bool = False
    lane: Lane = Lane.PROMPT
    idle: timedelta | None = None
    many: bool = False
    """Nobody waits for the single one: it leaves with the next tick, and those that wait by then go in one message."""

    @property
    def owner(self) -> str:
        """Return the module the task belongs to; `platform` for the platform's own."""
        return self.name.split(".", 1)[0]


TASKS: dict[str, Task] = {}
_nudges: list[Callable[[], None]] = []


def task(
    name: str,
    *,
    every: timedelta | None = None,
    idle: timedelta | None = None,
    of_platform: bool = False,
    lane: Lane | None = None,
    many: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a task called `<module>.<verb>`; with `every` it also runs on its own in each city.

    With `idle` it returns whether something is left to look after: where nothing is, it comes back after about `idle`
    only, or when somebody enqueues it. A task `of_platform` runs once for the deployment, outside any city. What runs
    on its own takes the lane for routine, everything else the prompt one unless another is named. Of what is asked for
    `many` times in seconds, a worker gets a number at once and runs them one after the other.
    """

    def declare(run: Callable[P, R]) -> Callable[P, R]:
        usual = Lane.ROUTINE if every else Lane.PROMPT
        TASKS[name] = Task(name, run, every, of_platform, lane or usual, idle, many)
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
    _write(name, city.schema if city and of_city else None, ids, at or now())
    if not TASKS[name].many and (at is None or at <= now()):
        db.session().info["nudge"] = True


def put_back(name: str, schema: str, ids: Mapping[str, Id]) -> None:
    """Let a task wait that was taken for a city which is not served now."""
    _write(name, schema, ids, now())


def _write(name: str, schema: str | None, ids: Mapping[str, Id], due_at: datetime) -> None:
    row = {
        "city": schema,
        "task": name,
        "ids": json.dumps(dict(ids)),
        "due_at": due_at,
        "lane": TASKS[name].lane.value,
        "ready": due_at <= now(),
    }
    if schema and city_or_none():
        carry_out(_ASK_IN_CITY(**row))
    else:
        # What is for no city, and what is written where none is served, needs the platform's own login.
        db.session.execute(_ASK, row, bind_arguments={"bind": db.engines["platform"]})


def may_ask(schema: str | None, name: str) -> bool:
    """Tell whether whoever wrote a row into the outbox may ask for this: a city for its own tasks, the platform for its own.

    Celery knows tasks that are not ours as well, some of which run others in any city's name.
    """
    return name in TASKS and TASKS[name].of_platform == (schema is None)


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


def due_rows(limit: int) -> list[jobs_due.Row]:
    """Take up to `limit` due rows of live cities out of the outbox, locked until the transaction ends; skips locked ones."""
    more = True
    while more:
        holding, more = jobs_due.wake([*Lane])
    rows: list[jobs_due.Row] = []
    for lane in holding:
        rows += jobs_due.take(lane, limit - len(rows))
    return rows
