"""Voters against people: who takes part more than others, and who less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

# Up to a fifth more or less than the share of the people counts as about the same.
ABOUT = Fraction(1, 5)


class Verdict(StrEnum):
    """How the share of a group among voters compares with its share among people."""

    MORE = "more"
    SAME = "same"
    LESS = "less"
    UNKNOWN = "unknown"
    """Too few to say, or nobody lives there by the census."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people; `voters` is None where the number is too small to be shown."""

    value: str
    people: int
    voters: int | None
    share_of_people: Fraction
    share_of_voters: Fraction | None

    @property
    def ratio(self) -> Fraction | None:
        """Return how many times its fair part a group takes; 1 is exactly its part."""
        if self.share_of_voters is None or not self.share_of_people:
            return None
        return self.share_of_voters / self.share_of_people

    @property
    def verdict(self) -> Verdict:
        """Return how the group compares."""
        ratio = self.ratio
        if ratio is None:
            return Verdict.UNKNOWN
        if ratio > 1 + ABOUT:
            return Verdict.MORE
        return Verdict.LESS if ratio < 1 - ABOUT else Verdict.SAME


def compare(
    voters: Mapping[str, int | None], known: int | None, people: Mapping[str, int]
) -> Sequence[Group]:
    """Return each group of the census; `known` are the voters whose group is known, None where that is not shown.

    Voters of a group that the census does not have are among `known`, and in no group.
    """
    total = sum(people.values())
    found = []
    for value, number in people.items():
        mine = voters.get(value, 0)
        share = Fraction(mine, known) if mine is not None and known else None
        found.append(Group(value, number, mine, Fraction(number, total) if total else Fraction(0), share))
    return found
