"""What happens in a city and other programs may hear of: declared with its contents, told in the cause's transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.core.clock import now

Listener = Callable[["Event", datetime, str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of thing that happens."""

    name: str
    """`<module>.<what happened>`, or of the platform: `city.module_switched_on`."""
    label: str
    """Lazily translated."""
    data: type[BaseModel]
    """What is told of it: ids, and what everybody may read."""

    @property
    def owner(self) -> str:
        """Return the module it belongs to, or the part of the platform."""
        return self.name.partition(".")[0]


EVENTS: dict[str, Event] = {}
_listeners: list[Listener] = []


def event(name: str, label: str, data: type[BaseModel]) -> Event:
    """Declare an event with what is told of it."""
    EVENTS[name] = Event(name, label, data)
    return EVENTS[name]


def emit(name: str, *, once: str = "", **values: object) -> None:
    """Tell whoever listens that something has happened, as part of this transaction; raises LookupError.

    What is told again with the same `once` is not told twice.
    """
    if name not in EVENTS:
        raise LookupError(f"nobody has declared the event {name}")
    happened = EVENTS[name]
    told = happened.data.model_validate(values).model_dump(mode="json")
    for listener in _listeners:
        listener(happened, now(), once, told)


def listen(listener: Listener) -> Listener:
    """Call a function with each event, in the transaction of its cause."""
    _listeners.append(listener)
    return listener
