"""Equal votes: the order among projects that have as many, and whether that order decided anything.

A tie decides who is funded in about one real vote in seventy, so the order is part of the rule and fixed before the
vote. A city that draws lots declares its projects in the order of the draw, or publishes the digest of a seed before
the vote opens and the seed after it has closed: nobody can then choose the lots, and everybody can draw them again.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class TieBreak(StrEnum):
    """The order among projects with equal votes."""

    CHEAPER_FIRST = "cheaper-first"
    """The cheaper one; at equal cost the one declared first."""
    DECLARED_ORDER = "declared-order"
    """The one declared first."""
    DEARER_FIRST = "dearer-first"
    """The dearer one; at equal cost the one declared first."""
    LOT = "lot"
    """By the digest of project and seed; the digest of the seed is published before the vote opens."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A project in the count; cost in minor units, the envelope is the category that pays for it."""

    number: int
    cost: int
    envelope: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that were equal before the rule, and of which the order among them decided who is funded."""

    envelope: str
    votes: int | None
    """The votes, or points, that each has; None where they are equal in something else."""
    projects: tuple[int, ...]
    """All of them, in the order in which they were taken."""
    by: TieBreak
    """What made the difference: their costs, the lot, or, between two of equal cost, the declared order."""


TieOrder = Mapping[int, tuple[int | str, int]]
"""The place of every project among its equals; the lower comes first."""


def tie_order(contenders: Sequence[Contender], tie_break: TieBreak, seed: str | None = None) -> TieOrder:
    """Return the order among equals for contenders that come as declared; a lot without a seed is a ValueError."""
    if tie_break is TieBreak.LOT and seed is None:
        raise ValueError("a lot is drawn with a seed, and there is none")
    return {one.number: (_first(one, tie_break, seed or ""), place) for place, one in enumerate(contenders)}


def _first(contender: Contender, tie_break: TieBreak, seed: str) -> int | str:
    match tie_break:
        case TieBreak.CHEAPER_FIRST:
            return contender.cost
        case TieBreak.DEARER_FIRST:
            return -contender.cost
        case TieBreak.LOT:
            return lot(seed, contender.number)
        case TieBreak.DECLARED_ORDER:
            return 0


def lot(seed: str, number: int) -> str:
    """Return the lot of a project, the SHA-256 of "seed:number"; the lowest is drawn first."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def commitment(seed: str) -> str:
    """Return what is published of a seed before the vote: its SHA-256."""
    return hashlib.sha256(seed.encode()).hexdigest()


def broken_by(won: Iterable[Contender], lost: Iterable[Contender], tie_break: TieBreak) -> TieBreak:
    """Return what separated winners from losers."""
    if tie_break is TieBreak.LOT:
        return tie_break
    same_cost = {contender.cost for contender in won} & {contender.cost for contender in lost}
    return TieBreak.DECLARED_ORDER if same_cost else tie_break
