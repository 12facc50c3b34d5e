"""How many questions a request or a task asks of the database; counted where they are sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Tally:
    """What was counted so far."""

    queries: int = 0


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


def install(engine: Engine) -> None:
    """Count what goes to this engine."""
    event.listen(engine, "before_cursor_execute", _count)


def begin() -> Tally:
    """Count from here on, in this context."""
    tally = Tally()
    _tally.set(tally)
    return tally


@contextmanager
def counting() -> Iterator[Tally]:
    """Count inside the block."""
    tally = Tally()
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


def _count(*_asked: object) -> None:
    tally = _tally.get()
    if tally is not None:
        tally.queries += 1
