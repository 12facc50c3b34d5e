"""Majority judgement: the order of projects by the grades that most voters can agree on.

The majority grade of a project is the grade in the middle when all its grades are sorted, the lower of the two middle
ones where their number is even. Equal majority grades are told apart by the majority gauge: how many gave a better
grade and how many a worse one; whichever are more speak for, or against, the project. What is still equal is told apart
by taking the middle grade away, again and again, until the middle grades differ. Balinski, Laraki: Majority Judgment
(MIT Press 2010). Paris has voted so since 2021.

A voter who gave a project no grade gave it the lowest one: so every project has as many grades as there are voters.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Judgement:
    """The grades of one project, 1 the lowest."""

    grades: tuple[int, ...]
    """How often each grade was given, the lowest first, those who gave none included."""

    @classmethod
    def of(cls, given: Sequence[int], voters: int) -> "Judgement":
        """Return the judgement of so many voters, of whom some gave no grade; ValueError when more gave one."""
        missing = voters - sum(given)
        if missing < 0 or not given:
            raise ValueError(f"{sum(given)} grades of {voters} voters")
        return cls((given[0] + missing, *given[1:]))

    @property
    def voters(self) -> int:
        """Return how many grades there are."""
        return sum(self.grades)

    @property
    def majority_grade(self) -> int:
        """Return the lower of the middle grades; 1 where nobody voted."""
        return self.at((self.voters - 1) // 2) if self.voters else 1

    @property
    def gauge(self) -> int:
        """Return how many gave a better grade, or below zero how many gave a worse one, if they are not fewer."""
        place = self.majority_grade - 1
        better, worse = sum(self.grades[place + 1 :]), sum(self.grades[:place])
        return better if better > worse else -worse

    def at(self, place: int) -> int:
        """Return the grade at a place, from 0, when the grades are sorted with the lowest first."""
        return bisect_right(list(accumulate(self.grades)), place) + 1


def compare(one: Judgement, other: Judgement) -> int:
    """Return a number above zero when the first is judged better, below when worse, zero for equal grades."""
    first = (one.majority_grade, one.gauge)
    second = (other.majority_grade, other.gauge)
    if first != second:
        return 1 if first > second else -1
    return _by_taking_away(one, other)


def _worse(one: Judgement, other: Judgement) -> int:
    return compare(other, one)


best_first = cmp_to_key(_worse)
"""A key that sorts judgements, the best first."""


def _by_taking_away(one: Judgement, other: Judgement) -> int:
    """Compare the middle grades that come up when the middle one is taken away again and again.

    They lie ever further from the middle, in turn below and above; where the grades change is enough to look at.
    """
    voters = one.voters
    lower, odd = (voters - 1) // 2, voters % 2
    upper = lower + 1
    # The turn of each place: with an odd number the second turn is below the middle, with an even one above it.
    turns = [(1 + odd, upper)]
    for bound in {*accumulate(one.grades), *accumulate(other.grades)}:
        if bound > lower:
            turns.append((2 * (bound - upper) + 1 + odd, bound))
        if 0 < bound <= upper:
            turns.append((2 * (upper - bound) - odd, bound - 1))
    for _turn, place in sorted(turns):
        if place < voters and one.at(place) != other.at(place):
            return 1 if one.at(place) > other.at(place) else -1
    return 0
