"""The ways to people beside the inbox; each is registered here and used where the city offers it and the person chose it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.notify.rules import Rhythm


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told something."""

    account_id: UUID
    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to hand over, in the person's language; what a channel does not send is never written."""

    id: UUID
    """The same at every try: whoever receives it twice knows it by this."""
    recipient: Recipient
    address: str
    kind: str
    required: bool
    """A receipt or something about security: cannot be switched off and waits for no morning."""
    title: str
    """One line of plain text."""
    text: Callable[[], str]
    html: Callable[[], str]
    link: str
    """The address of the thing it is about, complete; empty when there is none."""
    unsubscribe_url: str
    """Where one click stops what is like it (RFC 8058); empty when it cannot be switched off."""


Hand = Callable[[Delivery], None]


class Channel(Protocol):
    """A way to people."""

    name: str
    label: str
    """Lazily translated."""
    rhythms: Sequence[Rhythm]
    """What a person may choose from, beside that nothing comes this way."""

    def offered(self) -> bool:
        """Tell whether the city being served has it."""

    def address(self, recipient: Recipient) -> str | None:
        """Return where the person is reached, None when she is not."""

    def session(self) -> AbstractContextManager[Hand]:
        """Open the way for several deliveries; OSError when nothing can be sent now.

        The function hands one over: it raises Refused (app.services.refusals) for this one, and any other OSError
        when the way itself is closed.
        """


_channels: dict[str, Channel] = {}
# As people see them; what is not named here follows.
_ORDER = ("mail", "sms", "push")


def register(channel: Channel) -> Channel:
    """Add a way to people."""
    _channels[channel.name] = channel
    return channel


def offered() -> list[Channel]:
    """Return the ways that the city being served has, in the order in which they are shown."""
    places = {name: place for place, name in enumerate(_ORDER)}
    known = sorted(_channels.values(), key=lambda channel: (places.get(channel.name, 99), channel.name))
    return [channel for channel in known if channel.offered()]


def channel_of(name: str) -> Channel | None:
    """Return the way of that name, None when this deployment has none."""
    return _channels.get(name)
