"""The Method of Equal Shares: the money is shared out among the voters, and supporters buy projects together.

Every voter begins with an equal share. A project can be bought when its supporters can pay for it, each the same
amount or all she has left. Bought next is the one that asks the least of its supporters for each unit of its cost, so
every group of voters decides about its part of the money. Peters, Pierczyński, Skowron: Proportional Participatory
Budgeting with Additive Utilities (NeurIPS 2021), for approval ballots with utility equal to cost, as in Wieliczka 2023,
Świecie 2023 and Assen 2024.

All arithmetic is exact: real votes contain exact ties, which rounding would decide by chance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heappop, heappush

from .ties import Contender, TieBreak
from .wallets import Wallets

Ballot = Sequence[int]
STEPS_TO_DOUBLE = 100


class Completion(StrEnum):
    """What becomes of money that no group of supporters can spend together."""

    NONE = "none"
    """It is left."""
    GREEDY = "greedy"
    """It goes to what is left in the order of votes, as far as it reaches."""
    ADD1 = "add1"
    """The shares are raised step by step for as long as the winners cost no more than the budget."""
    ADD1U = "add1u"
    """Add1, then greedy."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One project that its supporters bought."""

    project: int
    payment: Fraction
    """The most that any supporter paid, in minor units; who had less gave all."""
    tied: tuple[int, ...] = ()
    """Others that asked as little; the tie order decided."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What came of a count: purchases in order, what was added by completion, and the share each voter began with."""

    share: Fraction
    purchases: tuple[Purchase, ...]
    added: tuple[int, ...]
    """Projects paid from what nobody could spend together, in the order of votes."""
    means: Mapping[int, Fraction]
    """What the supporters of each project that was not bought had left together at the end."""
    steps: int = 0
    """How often the shares were raised."""

    @property
    def funded(self) -> frozenset[int]:
        """Return the winners."""
        return frozenset(purchase.project for purchase in self.purchases) | frozenset(self.added)


def equal_shares(
    ballots: Iterable[Ballot],
    contenders: Sequence[Contender],
    money: int,
    *,
    completion: Completion = Completion.ADD1U,
    step: Fraction | None = None,
    tie_break: TieBreak = TieBreak.CHEAPER_FIRST,
) -> Shares:
    """Share `money` (minor units) out among the ballots that name a contender, and let their supporters buy.

    `step` is by how much Add1 raises each share, in minor units: a hundredth of the first share when none is given.
    Contenders stand in the declared order, which is the last word in a tie. Raises ValueError for an amount below zero
    or a step that is not above.
    """
    if money < 0 or (step is not None and step <= 0) or any(contender.cost < 0 for contender in contenders):
        raise ValueError("no amount can be below zero, and a step has to be above")
    count = _Count(ballots, contenders, tie_break)
    found = count.run(Fraction(money, count.voters)) if count.voters else _NOTHING
    if completion in (Completion.ADD1, Completion.ADD1U) and found.share:
        found = _raised(count, found, money, step or found.share / STEPS_TO_DOUBLE)
    if completion in (Completion.GREEDY, Completion.ADD1U):
        return count.with_the_rest(found, money)
    return found


def prefers(ballots: Iterable[Ballot], one: frozenset[int], other: frozenset[int]) -> tuple[int, int]:
    """Return how many voters have more of their choices in `one` than in `other`, and the other way round.

    The comparison step of Wieliczka and Assen: Equal Shares stands unless more voters prefer the greedy result.
    """
    for_one = for_other = 0
    for ballot in ballots:
        chosen = set(ballot)
        won, lost = len(chosen & one), len(chosen & other)
        for_one += won > lost
        for_other += lost > won
    return for_one, for_other


_NOTHING = Shares(Fraction(0), (), (), {})


class _Count:
    """The ballots of one count by project, so that it can be run with one share after another."""

    def __init__(
        self, ballots: Iterable[Ballot], contenders: Sequence[Contender], tie_break: TieBreak
    ) -> None:
        self.costs = {contender.number: contender.cost for contender in contenders}
        self.supporters: dict[int, list[int]] = {number: [] for number in self.costs}
        self.voters = 0
        for ballot in ballots:
            named = [number for number in dict.fromkeys(ballot) if number in self.supporters]
            for number in named:
                self.supporters[number].append(self.voters)
            self.voters += bool(named)
        declared = {contender.number: place for place, contender in enumerate(contenders)}
        cheaper = tie_break is TieBreak.CHEAPER_FIRST
        self.tie_order = {n: (self.costs[n] if cheaper else 0, declared[n]) for n in self.costs}
        self.supported = [number for number, voters in self.supporters.items() if voters]

    def cost(self, projects: Iterable[int]) -> int:
        """Return what projects cost together."""
        return sum(self.costs[number] for number in projects)

    def run(self, share: Fraction, most: int | None = None) -> Shares:
        """Let supporters buy, each voter beginning with `share`; ends early once more than `most` is spent."""
        wallets = Wallets(self.voters, share)
        purchases: list[Purchase] = []
        spent = 0
        # What a project asks for each unit of its cost only ever grows, so an old figure is a lower bound.
        waiting = [(Fraction(bool(self.costs[n]), len(self.supporters[n])), n) for n in self.supported]
        heapify(waiting)
        while bought := self._next(waiting, wallets):
            purchases.append(bought)
            wallets.pay(self.supporters[bought.project], bought.payment)
            spent += self.costs[bought.project]
            if most is not None and spent > most:
                break
        won = {purchase.project for purchase in purchases}
        means = {n: wallets.together(self.supporters[n]) for n in self.costs if n not in won}
        return Shares(share, tuple(purchases), (), means)

    def _next(self, waiting: list[tuple[Fraction, int]], wallets: Wallets) -> Purchase | None:
        """Take the project that asks the least out of `waiting`, and drop those that cannot be paid any more."""
        best: list[tuple[Fraction, int, Fraction]] = []
        while waiting and (not best or waiting[0][0] <= best[0][0]):
            _bound, number = heappop(waiting)
            payment = wallets.offer(self.supporters[number], self.costs[number])
            if payment is None:
                continue
            asks = payment / (self.costs[number] or 1)
            if not best or asks == best[0][0]:
                best.append((asks, number, payment))
            elif asks > best[0][0]:
                heappush(waiting, (asks, number))
            else:
                for other in best:
                    heappush(waiting, other[:2])
                best = [(asks, number, payment)]
        if not best:
            return None
        first, *others = sorted(best, key=lambda one: self.tie_order[one[1]])
        for other in others:
            heappush(waiting, other[:2])
        return Purchase(first[1], first[2], tuple(other[1] for other in others))

    def with_the_rest(self, found: Shares, money: int) -> Shares:
        """Spend what is left on the other supported projects in the order of votes, skipping what does not fit."""
        left = money - self.cost(found.funded)
        added = []
        for number in sorted(self.supported, key=lambda n: (-len(self.supporters[n]), self.tie_order[n])):
            if number not in found.funded and self.costs[number] <= left:
                added.append(number)
                left -= self.costs[number]
        means = {number: rest for number, rest in found.means.items() if number not in added}
        return Shares(found.share, found.purchases, tuple(added), means, found.steps)


def _raised(count: _Count, first: Shares, money: int, step: Fraction) -> Shares:
    """Raise the shares step by step and return the last result that the budget pays for.

    It is not stopped as soon as nothing more would fit: the official result of Wieliczka 2023 needs the further steps.
    """
    kept = first
    while len(kept.purchases) < len(count.supported):
        steps = kept.steps + 1
        tried = count.run(first.share + steps * step, most=money)
        if count.cost(tried.funded) > money:
            break
        kept = Shares(tried.share, tried.purchases, (), tried.means, steps)
    return kept
