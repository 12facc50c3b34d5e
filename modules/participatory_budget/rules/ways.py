"""The ways in which a city lets people vote, and how a ballot came into the box."""

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
