"""What waits for somebody of the staff: each part says what she has open, and hands it to a colleague when she leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.context import current_city

PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One thing that somebody has to do."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class WorkKind:
    """One kind of work that a part of the product gives to people."""

    name: str
    """`<module>.<what>`, or `platform.<what>`."""
    title: str
    """Lazily translated: what the list of them is called."""
    open_for: Callable[[UUID], Sequence[OpenWork]]
    """Return what an account has open, some hundred at most."""
    hand_over: Callable[[UUID, UUID], int]
    """Give what the first account has open to the second; returns how many things that were."""

    @property
    def owner(self) -> str:
        """Return the module it belongs to."""
        return self.name.partition(".")[0]


WORK: dict[str, WorkKind] = {}


def gives_work(kind: WorkKind) -> WorkKind:
    """Declare that a part of the product gives work to people."""
    WORK[kind.name] = kind
    return kind


def open_work(account_id: UUID) -> list[tuple[WorkKind, Sequence[OpenWork]]]:
    """Return what somebody has open, by kind; of modules that are on."""
    found = ((kind, kind.open_for(account_id)) for kind in _kinds())
    return [(kind, things) for kind, things in found if things]


def hand_over_work(account_id: UUID, to_id: UUID) -> int:
    """Give all that somebody has open to a colleague; returns how many things that were."""
    return sum(kind.hand_over(account_id, to_id) for kind in _kinds())


def _kinds() -> list[WorkKind]:
    on = current_city().modules
    return [kind for kind in WORK.values() if kind.owner == PLATFORM or kind.owner in on]
