"""Long work on one city that a worker does and people can watch: asked for, begun, told of, ended.

Each kind is declared by the code that does it and is safe to run twice: a worker may be killed in the middle, then
another one begins anew.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from flask import current_app
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from app.core.clock import now
from app.core.context import current_actor
from app.core.db import db, end_transaction
from app.core.errors import ServiceError
from app.core.jobs import Lane, enqueue, task
from tenants.models import Operation, OperationState
from tenants.models.upkeep import Json

log = logging.getLogger("parvis.operations")
Work = Callable[[Operation], dict[str, Json]]
_KINDS: dict[str, Work] = {}


def kind(name: str) -> Callable[[Work], Work]:
    """Declare what does operations called `name`; what it returns becomes the operation's outcome."""

    def declare(work: Work) -> Work:
        _KINDS[name] = work
        return work

    return declare


def knows(name: str) -> bool:
    """Tell whether there is an operation called `name`."""
    return name in _KINDS


def ask(name: str, city_id: str | None, /, **wish: Json) -> Operation:
    """Have a worker do an operation once this transaction has committed; raises LookupError for an unknown kind."""
    if name not in _KINDS:
        raise LookupError(f"no operation is called {name}")
    operation = Operation(
        kind=name,
        city_id=city_id,
        state=OperationState.WAITING,
        asked_by=current_actor().name,
        asked_at=now(),
        wish=wish,
        outcome={},
        error="",
    )
    db.session.add(operation)
    db.session.flush()
    enqueue("platform.operate", operation_id=str(operation.id))
    return operation


def latest(city_id: str | None = None, limit: int = 20) -> Sequence[Operation]:
    """Return the newest operations, of one city or of all."""
    found = select(Operation).order_by(Operation.asked_at.desc(), Operation.id.desc()).limit(limit)
    if city_id is not None:
        found = found.where(Operation.city_id == city_id)
    return db.session.scalars(found).all()


def tell(operation_id: UUID, done: int, total: int) -> None:
    """Write down how far an operation has come, in a transaction of its own."""
    operation = db.session.get_one(Operation, operation_id)
    operation.outcome = {**operation.outcome, "done": done, "total": total}
    end_transaction(keep=True)


@task("platform.operate", of_platform=True, lane=Lane.ROUTINE)
def operate(operation_id: str) -> None:
    """Do one operation, unless another worker is at it or it has ended."""
    ident = UUID(operation_id)
    with alone(f"operation {ident}") as first:
        operation = _begun(ident) if first else None
        if operation is None:
            return
        try:
            outcome = _KINDS[operation.kind](operation)
        except ServiceError as error:
            _end(ident, OperationState.FAILED, error=str(error))
        except Exception as error:
            log.exception("operation %s failed", ident)
            _end(ident, OperationState.FAILED, error=f"{type(error).__name__}: {error}")
        else:
            _end(ident, OperationState.DONE, outcome=outcome)


def _begun(ident: UUID) -> Operation | None:
    """Write down that the operation runs and return it, detached; None when it has ended."""
    operation = db.session.get(Operation, ident)
    if operation is None or operation.state in (OperationState.DONE, OperationState.FAILED):
        return None
    operation.state, operation.started_at = OperationState.RUNNING, now()
    db.session.flush()
    db.session.refresh(operation)
    db.session.expunge(operation)
    end_transaction(keep=True)
    return operation


def _end(
    ident: UUID, state: OperationState, *, outcome: dict[str, Json] | None = None, error: str = ""
) -> None:
    end_transaction(keep=False)
    operation = db.session.get_one(Operation, ident)
    operation.state, operation.ended_at, operation.error = state, now(), error[:1000]
    if outcome is not None:
        operation.outcome = outcome
    end_transaction(keep=True)


@contextmanager
def alone(work: str) -> Iterator[bool]:
    """Hold the lock called `work` inside the block, and tell whether it was free; it goes with the process."""
    engine = create_engine(
        current_app.config["PARVIS"].database, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        lock = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
        yield bool(connection.scalar(lock, {"name": work}))
