"""Stopping messages with one click and without signing in (RFC 8058): the link says to us alone whom and what it stops."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from app.core.context import current_city
from app.core.sealing import seal, unseal

EVERYTHING = "*"
_PURPOSE = "stop messages"
_TO_URL, _FROM_URL = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link stops."""

    account_id: UUID
    topic: str
    """EVERYTHING for whatever can be switched off."""
    channel: str


def token_of(stop: Stop) -> str:
    """Return what stands in the link: sealed, so that it neither tells who it is nor can be made by others."""
    words = f"{stop.account_id} {stop.channel} {stop.topic}"
    return seal(_PURPOSE, _owner(), words).translate(_TO_URL).rstrip("=")


def path_of(stop: Stop) -> str:
    """Return the path of the page that stops it."""
    return f"/unsubscribe/{quote(token_of(stop))}"


def read(token: str) -> Stop | None:
    """Return what a token stops; None when it was not made here for this city."""
    padded = token.translate(_FROM_URL) + "=" * (-len(token) % 4)
    words = unseal(_PURPOSE, _owner(), padded)
    if words is None:
        return None
    account_id, channel, topic = words.split(" ")
    return Stop(UUID(account_id), topic, channel)


def _owner() -> bytes:
    return current_city().id.encode()
