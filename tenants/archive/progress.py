"""How far an export or a restore has come, told to whoever wants to know."""

from collections.abc import Callable
from time import monotonic
from uuid import UUID

from tenants import operations

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done and how many there are."""
TOLD_EVERY_SECONDS = 1.0


def nobody(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def to_operation(operation_id: UUID) -> Tell:
    """Return what writes down how far an operation has come, once a second at most."""
    last = [0.0]

    def tell(_what: str, done: int, total: int) -> None:
        if monotonic() - last[0] >= TOLD_EVERY_SECONDS:
            operations.tell(operation_id, done, total)
            last[0] = monotonic()

    return tell
