"""The ways in which a city lets people vote, and how a ballot came into the box."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a ballot came into the box."""

    WEB = "web"
    CODE = "code"
    """With a code instead of an account."""
    BOOTH = "booth"
    """On the web, at a polling place, with an officer who has seen who votes."""
    PAPER = "paper"


class Way(StrEnum):
    """What somebody shows so that she can vote."""

    ACCOUNT = "account"
    MAIL = "mail"
    """A code that was mailed to her."""
    SMS = "sms"
    """A code that was sent to her mobile telephone."""
    LETTER = "letter"
    """A printed code."""
    BOOTH = "booth"
    """Herself, at a polling place with a screen."""
    PAPER = "paper"
    """Herself or a signed slip, with a ballot on paper."""


CODED = (Way.MAIL, Way.SMS, Way.LETTER)
"""The ways that need no account and no officer."""


class KeyKind(StrEnum):
    """What tells that two voters are one person."""

    MAIL = "mail"
    PHONE = "phone"
    ROLL = "roll"
    """Her line on a list that the city keeps."""
    IDENTITY = "identity"
    """Her name and birth date, as an officer has seen them."""


class Duplicates(StrEnum):
    """What counts when somebody votes on the web and on paper."""

    FIRST = "first"
    """Whatever came first; the other is refused."""
    ONLINE = "online"
    """The ballot on the web, as long as the envelope of the other is closed."""
    PAPER = "paper"
    """The ballot on paper; it takes the place of the one on the web."""


@dataclass(frozen=True, slots=True)
class Access:
    """How people vote in an edition.

    `self_declared`: whoever has no account says herself what the rule asks for. Without it, where there is a rule,
    only printed codes, officers and accounts lead to the ballot.
    """

    ways: tuple[Way, ...] = (Way.ACCOUNT,)
    self_declared: bool = False
    duplicates: Duplicates = Duplicates.FIRST

    def has(self, *ways: Way) -> bool:
        """Tell whether one of these ways is open."""
        return any(way in self.ways for way in ways)

    @property
    def coded(self) -> tuple[Way, ...]:
        """Return the ways with a code, in order."""
        return tuple(way for way in CODED if way in self.ways)


def read_access(document: Mapping[str, object]) -> Access:
    """Return how people vote as it is stored; nothing stored means with an account. ValueError for nonsense."""
    if not document:
        return Access()
    ways = document.get("ways")
    if not isinstance(ways, list) or not ways:
        raise ValueError("an edition has at least one way to vote")
    chosen = {Way(str(way)) for way in ways}
    return Access(
        tuple(way for way in Way if way in chosen),
        document.get("self_declared") is True,
        Duplicates(str(document.get("duplicates", Duplicates.FIRST))),
    )


def write_access(access: Access) -> dict[str, object]:
    """Return how people vote as it is stored."""
    return {
        "ways": [way.value for way in access.ways],
        "self_declared": access.self_declared,
        "duplicates": access.duplicates.value,
    }
