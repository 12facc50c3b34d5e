"""The choice of projects with the highest total score that the money pays for, found exactly.

This is the knapsack problem, solved by going through the projects with the list of all totals that could still become
the best. Among choices with equal totals stands the one that holds the earliest project in the order of scores, then
the next, and so on. A vote with so many totals that the list would outgrow the memory is refused.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from ..outcomes import Decision, Outcome, Reason, ReasonCode, Spending
from ..ties import Contender, Tie
from .part import Part

MOST_TOTALS = 200_000
"""How many totals are held at most at a time."""
MOST_CHOICES = 4096
"""How many ways there are at most to choose among projects of which each excludes another."""


HIGHEST_COST = 2**63


class TooManyTotals(ValueError):
    """The best choice cannot be found within the memory allowed."""


def decide_by_optimum(part: Part) -> Decision:
    """Hand out the money of one envelope to the best choice of projects."""
    field = _Field(part)
    best = field.best()
    order = part.by_score()
    chosen: list[int] = []
    out: list[int] = []
    for one in order:
        if one.number in field.items:
            fits = field.best([*chosen, one.number], out, least=best) == best
            (chosen if fits else out).append(one.number)
    for number in chosen:
        part.places.take(number)
    without = {n: best - field.best(outside=[n]) for n in chosen}
    with_it = {n: best - field.best([n]) for n in out}
    left = part.money - sum(field.items[number].cost for number in chosen)
    equals = [n for n, fewer in (without | with_it).items() if not fewer]
    reasons = {n: Reason(ReasonCode.IN_BEST_SET, by=fewer) for n, fewer in without.items()}
    reasons |= {n: Reason(ReasonCode.NOT_IN_BEST_SET, by=fewer) for n, fewer in with_it.items()}
    tie = [Tie(part.envelope, None, tuple(equals), part.rule.tie_break)] if len(equals) > 1 else []
    return Decision(
        tuple(_outcomes(part, order, reasons, chosen, equals)),
        (Spending(part.envelope, part.money, part.money - left),),
        tuple(tie),
    )


def _outcomes(
    part: Part,
    order: Iterable[Contender],
    reasons: Mapping[int, Reason],
    chosen: Sequence[int],
    equals: Sequence[int],
) -> Iterator[Outcome]:
    tied = tuple(equals) if len(equals) > 1 else ()
    for place, one in enumerate(order, start=1):
        reason = reasons.get(one.number) or _why_not(part, one)
        yield Outcome(
            project=one.number,
            votes=part.counted.votes[one.number],
            rank=place,
            funded=one.number in chosen,
            reason=reason,
            tied_with=tuple(other for other in tied if other != one.number) if one.number in tied else (),
            score=part.counted.scores.get(one.number),
        )


def _why_not(part: Part, one: Contender) -> Reason:
    if barred := part.why_barred(one.number):
        return barred
    if one.cost > part.money:
        return Reason(ReasonCode.ABOVE_BUDGET, left=part.money, by=one.cost - part.money)
    return part.why_shut_out(one.number) or Reason(ReasonCode.ENOUGH_WINNERS, by=part.rule.max_winners)


@dataclass(frozen=True, slots=True)
class _Item:
    """A project, or some projects that can win together, taken as a whole."""

    cost: int
    score: int
    winners: int = 1
    projects: frozenset[int] = frozenset()
    parts: tuple["_Item", ...] = ()

    @property
    def singles(self) -> tuple["_Item", ...]:
        """Return the projects in it, each alone."""
        return self.parts or ((self,) if self.projects else ())


Totals = dict[int, list[tuple[int, int]]]
"""Costs and scores that choices come to, by the number of winners, both rising."""


class _Field:
    """The projects that can be chosen, in blocks of which one way to choose is taken."""

    def __init__(self, part: Part) -> None:
        able = [
            one for one in part.eligible() if one.cost <= part.money and part.places.is_open_to(one.number)
        ]
        self.items = {
            one.number: _Item(one.cost, part.score(one.number), 1, frozenset({one.number})) for one in able
        }
        self._money = part.money
        self._most = part.rule.max_winners
        groups = [frozenset(group) & self.items.keys() for group in part.rule.exclusive]
        self._blocks = [_ways(block, groups, self.items) for block in _blocks(self.items, groups)]

    def best(self, inside: Sequence[int] = (), outside: Sequence[int] = (), least: int = 0) -> int:
        """Return the highest total with some projects inside and others outside; -1 when there is none.

        Totals that cannot come to `least` any more are passed over.
        """
        held, banned = frozenset(inside), frozenset(outside)
        blocks = [
            [way for way in block if not way.projects & banned and way.projects >= held & _all(block)]
            for block in self._blocks
        ]
        if not all(blocks):
            return -1
        return _solve([block for block in blocks if block != [_NOTHING]], self._money, self._most, least)


_NOTHING = _Item(0, 0, 0)


def _all(block: Iterable[_Item]) -> frozenset[int]:
    return frozenset().union(*(way.projects for way in block))


def _blocks(items: Iterable[int], groups: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Return the projects in sets, such that none excludes one of another set."""
    blocks = [frozenset({number}) for number in items]
    for group in groups:
        touched = [block for block in blocks if block & group]
        blocks = [block for block in blocks if not block & group]
        blocks += [frozenset().union(*touched)] if touched else []
    return sorted(blocks, key=min)


def _ways(block: frozenset[int], groups: Sequence[frozenset[int]], items: Mapping[int, _Item]) -> list[_Item]:
    """Return every way to choose among the projects of a block."""
    ways = [_NOTHING]
    for number in sorted(block):
        item = items[number]
        ways += [
            _Item(
                way.cost + item.cost,
                way.score + item.score,
                way.winners + 1,
                way.projects | item.projects,
                (*way.singles, item),
            )
            for way in ways
            if not any(number in group and way.projects & group for group in groups)
        ]
        if len(ways) > MOST_CHOICES:
            raise TooManyTotals("too many projects exclude one another in turn")
    return ways


def _solve(blocks: list[list[_Item]], money: int, most: int | None, least: int) -> int:
    """Return the highest total of one way from each block within the money; -1 when there is none."""
    blocks = sorted(blocks, key=lambda ways: max(map(_worth, ways)), reverse=True)
    bounds = [_Bound(blocks[place:]) for place in range(len(blocks) + 1)]
    least = max(least, _some(blocks, money, most))
    totals: Totals = {0: [(0, 0)]}
    for place, ways in enumerate(blocks, start=1):
        totals = _thinned(_added(totals, ways, money, most), bounds[place], money, least)
        if sum(map(len, totals.values())) > MOST_TOTALS:
            raise TooManyTotals(f"more than {MOST_TOTALS} totals could still become the best")
    return max((score for found in totals.values() for _cost, score in found), default=-1)


def _worth(item: _Item) -> Fraction:
    """Return the score for each unit of money; what costs nothing is worth more than all else."""
    return Fraction(item.score, item.cost) if item.cost else Fraction(item.score * HIGHEST_COST)


def _some(blocks: Iterable[list[_Item]], money: int, most: int | None) -> int:
    """Return the total of some choice, so that what is worse can be forgotten; -1 when it comes upon none."""
    total, winners = 0, 0
    forced = [min(ways, key=lambda way: (way.winners, way.cost)) for ways in blocks if _NOTHING not in ways]
    for way in forced:
        total, money, winners = total + way.score, money - way.cost, winners + way.winners
    if money < 0 or (most is not None and winners > most):
        return -1
    for ways in blocks:
        if _NOTHING in ways:
            best = max(
                (w for w in ways if w.cost <= money and (most is None or winners + w.winners <= most)),
                key=lambda way: way.score,
            )
            total, money, winners = total + best.score, money - best.cost, winners + best.winners
    return total


def _added(totals: Totals, ways: Iterable[_Item], money: int, most: int | None) -> Totals:
    found: Totals = {}
    for winners, held in totals.items():
        for way in ways:
            number = winners + way.winners if most is not None else 0
            if most is not None and number > most:
                continue
            rest = held[: bisect_left(held, (money - way.cost + 1, -1))]
            found.setdefault(number, []).extend((cost + way.cost, score + way.score) for cost, score in rest)
    return found


def _thinned(totals: Totals, bound: "_Bound", money: int, least: int) -> Totals:
    """Drop totals that cost no less than another and score no more, and those that can no longer be the best."""
    thinned: Totals = {}
    for winners, held in totals.items():
        kept: list[tuple[int, int]] = []
        highest = -1
        for cost, score in sorted(held, key=lambda total: (total[0], -total[1])):
            if score > highest and score + bound.most(money - cost) >= least:
                kept.append((cost, score))
                highest = score
        if kept:
            thinned[winners] = kept
    return thinned


class _Bound:
    """The most that blocks can add for some money, were parts of projects allowed and none excluded another."""

    def __init__(self, blocks: Iterable[list[_Item]]) -> None:
        parts = sorted({item for ways in blocks for way in ways for item in way.singles}, key=_order)
        self._parts = parts
        self._costs = [0, *accumulate(item.cost for item in parts)]
        self._scores = [0, *accumulate(item.score for item in parts)]

    def most(self, money: int) -> int:
        """Return the bound, rounded up."""
        place = bisect_left(self._costs, money + 1) - 1
        if place == len(self._parts):
            return self._scores[place]
        item = self._parts[place]
        return self._scores[place] - (-(money - self._costs[place]) * item.score // item.cost)


def _order(item: _Item) -> Fraction:
    return -_worth(item)
