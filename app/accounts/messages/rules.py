"""Whom a message is for, and who may let it go."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

ALONE_UP_TO = 500
"""Recipients that one person may write to without another, unless the city says otherwise."""


class State(StrEnum):
    """How far a message is."""

    DRAFT = "draft"
    WAITING = "waiting"
    """For another person to look at it."""
    SENT = "sent"


class Reach(StrEnum):
    """How a message reaches people, and so who hears of it at all."""

    NEWS = "news"
    """Those who chose to hear news."""
    DISTRICT = "district"
    """Those who chose to hear of their district."""
    IMPORTANT = "important"
    """Everybody, however they chose: what the law or safety asks for."""


class People(StrEnum):
    """Which people of the city."""

    EVERYBODY = "everybody"
    RESIDENTS = "residents"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of the people of a city."""

    reach: Reach = Reach.NEWS
    people: People = People.EVERYBODY
    language: str = ""
    """Only those who read this language; empty for all."""
    district: str = ""
    """Only those who live there, by what is known of them; empty for all."""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Return what a row or an audience keeps."""
        return cls(
            Reach(kept["reach"]),
            People(kept["people"]),
            str(kept.get("language", "")),
            str(kept.get("district", "")),
        )

    def words(self) -> dict[str, str]:
        """Return it as a row keeps it."""
        return {name: str(value) for name, value in asdict(self).items()}


def needs_second(recipients: int, alone_up_to: int) -> bool:
    """Tell whether another person has to look at a message to so many."""
    return recipients > alone_up_to


def may_release(*, writer: str, releaser: str, recipients: int, alone_up_to: int) -> bool:
    """Tell whether a person may send what `writer` wrote: somebody else always, she herself to few only."""
    return releaser != writer or not needs_second(recipients, alone_up_to)
