"""Equal votes: the order among projects that have as many, and whether that order decided anything.

A tie decides who is funded in about one real vote in seventy, so the order is part of the rule and fixed
before the vote. A city that draws lots declares its projects in the order of the draw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class TieBreak(StrEnum):
    """The order among projects with equal votes."""

    CHEAPER_FIRST = "cheaper-first"
    """The cheaper one; at equal cost the one declared first."""
    DECLARED_ORDER = "declared-order"
    """The one declared first."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A project in the count; cost in minor units, the envelope is the category that pays for it."""

    number: int
    cost: int
    envelope: str = ""


Ranked = tuple[Contender, int]
"""A contender and its votes."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects with equal votes of which the order among them decided who is funded."""

    envelope: str
    votes: int
    projects: tuple[int, ...]
    """All of them, in the order in which they were taken."""
    by: TieBreak
    """What made the difference: their costs, or, between two of equal cost, the declared order."""


def in_order(running: Sequence[Ranked], tie_break: TieBreak) -> list[Ranked]:
    """Return contenders with the most votes first, equals by the tie break; they come as declared."""
    if tie_break is TieBreak.DECLARED_ORDER:
        return sorted(running, key=lambda one: -one[1])
    return sorted(running, key=lambda one: (-one[1], one[0].cost))


def groups_of_equals(ranked: Iterable[Ranked]) -> list[tuple[int, list[Contender]]]:
    """Return each number of votes with the contenders that have it, both in the given order."""
    groups = groupby(ranked, key=lambda one: one[1])
    return [(votes, [contender for contender, _ in members]) for votes, members in groups]


def is_decisive(won: Sequence[Contender], lost: Sequence[Contender], left: int, *, stopped: bool) -> bool:
    """Tell whether another order among equals would have funded others.

    It would when somebody lost who fitted into what was left before the first of them: taken first, that
    project wins. Otherwise no order helps the losers; but where the count stops at the first project that
    does not fit, a loser taken first takes the money from the winners.
    """
    return any(contender.cost <= left for contender in lost) or (stopped and bool(won and lost))


def broken_by(won: Sequence[Contender], lost: Sequence[Contender], tie_break: TieBreak) -> TieBreak:
    """Return what separated winners from losers."""
    same_cost = {contender.cost for contender in won} & {contender.cost for contender in lost}
    return TieBreak.DECLARED_ORDER if same_cost else tie_break
