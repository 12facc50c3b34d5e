"""Why a machine doubts that a resident wrote something; with doubts enough it waits for a person to look at it.

No reader is asked to solve a puzzle: what people do without thinking tells more. Nothing is refused here and nobody is
told which doubt it was, so that a program learns nothing from the answer.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """One reason; stored by value."""

    TRAP = "trap"
    """A field was filled in that people do not see."""
    TOO_FAST = "too_fast"
    """It came sooner than anybody can read and write."""
    LINKS = "links"
    """More links than a resident's text has."""
    NEWCOMER_LINKS = "newcomer_links"
    """Links from somebody of whom nothing was shown before."""
    NEWCOMER = "newcomer"
    REPEATED = "repeated"
    """The same words were sent before."""
    SHOUTING = "shouting"
    """Capitals throughout, or one sign over and over."""
    CONTACT = "contact"
    """It asks to write or call somewhere: an address of mail or a telephone number."""


WEIGHTS = {
    Doubt.TRAP: 10,
    Doubt.TOO_FAST: 4,
    Doubt.LINKS: 6,
    Doubt.NEWCOMER_LINKS: 4,
    Doubt.NEWCOMER: 2,
    Doubt.REPEATED: 5,
    Doubt.SHOUTING: 2,
    Doubt.CONTACT: 2,
}
ENOUGH = 6
FAST_SECONDS = 4.0
MANY_LINKS = 3
_LINK = re.compile(
    r"(?:https?://|www\.)\S|\[url|<a\s|\b[a-z0-9-]+\.(?:ru|cn|xyz|top|shop|click|icu)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"\b[\w.+-]+@[\w-]+\.\w{2,}\b")
_NUMBER = re.compile(r"(?<![\w/])\+?\d(?:[ ().-]{0,2}\d){8,14}(?![\w/])")
_OVER_AND_OVER = re.compile(r"([^\s.\-_=*])\1{7,}")
_LETTERS_TO_SHOUT = 24


@dataclass(frozen=True, slots=True)
class Writing:
    """What was sent, and what is known of its sender and its way here."""

    text: str
    is_trapped: bool = False
    seconds: float | None = None
    """How long the form was open; None where nobody knows."""
    is_newcomer: bool = False
    """Nothing of the sender was shown before, and the account is young."""
    times_before: int = 0
    """How often the same words came lately, from whomever."""


def doubts_about(writing: Writing) -> tuple[Doubt, ...]:
    """Return every doubt there is, in the order of the words above."""
    links = len(_LINK.findall(writing.text))
    found = {
        Doubt.TRAP: writing.is_trapped,
        Doubt.TOO_FAST: writing.seconds is not None and writing.seconds < FAST_SECONDS,
        Doubt.LINKS: links > MANY_LINKS,
        Doubt.NEWCOMER_LINKS: writing.is_newcomer and links > 0,
        Doubt.NEWCOMER: writing.is_newcomer,
        Doubt.REPEATED: writing.times_before > 0,
        Doubt.SHOUTING: is_shouting(writing.text),
        Doubt.CONTACT: bool(_ADDRESS.search(writing.text) or _NUMBER.search(writing.text)),
    }
    return tuple(doubt for doubt in Doubt if found[doubt])


def weight(doubts: Collection[Doubt]) -> int:
    """Return how much doubts weigh together."""
    return sum(WEIGHTS[doubt] for doubt in set(doubts))


def must_wait(doubts: Collection[Doubt]) -> bool:
    """Tell whether a person has to look at it first."""
    return weight(doubts) >= ENOUGH


def is_shouting(text: str) -> bool:
    """Tell whether a text is in capitals, or repeats one sign."""
    letters = [letter for letter in text if letter.isalpha() and letter.upper() != letter.lower()]
    capitals = sum(letter.isupper() for letter in letters)
    loud = len(letters) >= _LETTERS_TO_SHOUT and capitals * 10 >= len(letters) * 7
    return loud or _OVER_AND_OVER.search(text) is not None
