"""How long the database works on one statement: seconds for a page, minutes for a task or a command.

What pages get is a property of the logins (`tenants.setup`), so it costs no message and holds behind a pooler; whoever
may be patient says so in the message that begins the transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Of each login: statement, lock, and how long a transaction may stay open with nothing going on in it.
PAGE_LOCK, PAGE_IDLE = "10s", "2min"
_MINUTES = (
    "SET LOCAL statement_timeout = '9min'; SET LOCAL lock_timeout = '1min';"
    " SET LOCAL idle_in_transaction_session_timeout = '10min'"
)
_extra: ContextVar[str] = ContextVar("patience", default="")


@contextmanager
def patient() -> Iterator[None]:
    """Let statements of transactions that begin inside the block take minutes."""
    token = _extra.set(_MINUTES)
    try:
        yield
    finally:
        _extra.reset(token)


def limits() -> str:
    """Return the statements that a transaction which begins now needs for its limits; empty for a page."""
    return _extra.get()
