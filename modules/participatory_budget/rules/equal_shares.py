"""The Method of Equal Shares: the money is shared out among the voters, and supporters buy projects together.

Every voter begins with an equal share. A project can be bought when its supporters can pay for it, each the same
amount or all she has left. Bought next is the one that asks the least of its supporters for each unit of its cost, so
every group of voters decides about its part of the money. Peters, Pierczyński, Skowron: Proportional Participatory
Budgeting with Additive Utilities (NeurIPS 2021), for approval ballots with utility equal to cost, as in Wieliczka 2023,
Świecie 2023 and Assen 2024. Where voters give points, those are the utility: who gave twice as many pays twice as much
or all she has left, and bought next is the project that asks the least for each point.

All arithmetic is exact: real votes contain exact ties, which rounding would decide by chance.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heappop, heappush

from .counting.places import Places
from .ties import Contender, TieOrder
from .wallets import Wallets, Weights

Ballot = Sequence[int] | Mapping[int, int]
"""The projects that a voter names; with points, the points of each."""
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
    blocked: frozenset[int] = frozenset()
    """Projects that could not win beside the winners."""

    @property
    def funded(self) -> frozenset[int]:
        """Return the winners."""
        return frozenset(purchase.project for purchase in self.purchases) | frozenset(self.added)


def equal_shares(
    ballots: Iterable[Ballot],
    contenders: Sequence[Contender],
    money: int,
    ties: TieOrder,
    *,
    completion: Completion = Completion.ADD1U,
    step: Fraction | None = None,
    exhaustive_stop: bool = False,
    places: Places | None = None,
) -> Shares:
    """Share `money` (minor units) out among the ballots that name a contender, and let their supporters buy.

    Ballots with points for each project are mappings. `step` is by how much Add1 raises each share, in minor units: a
    hundredth of the first share when none is given; with `exhaustive_stop` it ends as soon as nothing more fits. Who
    has won in `places` shuts others out. Raises ValueError for an amount below zero or a step that is not above.
    """
    if money < 0 or (step is not None and step <= 0) or any(contender.cost < 0 for contender in contenders):
        raise ValueError("no amount can be below zero, and a step has to be above")
    count = Count(ballots, contenders, ties, places or Places())
    return completed(count, money, completion=completion, step=step, exhaustive_stop=exhaustive_stop)


def completed(
    count: "Count", money: int, *, completion: Completion, step: Fraction | None, exhaustive_stop: bool
) -> Shares:
    """Let a count buy, and spend what nobody could spend together as `completion` says."""
    found = count.run(Fraction(money, count.voters)) if count.voters else _NOTHING
    if completion in (Completion.ADD1, Completion.ADD1U) and found.share:
        found = _raised(count, found, money, step or found.share / STEPS_TO_DOUBLE, exhaustive_stop)
    if completion in (Completion.GREEDY, Completion.ADD1U):
        return count.with_the_rest(found, money)
    return found


def prefers(
    ballots: Iterable[tuple[Ballot, int]], one: frozenset[int], other: frozenset[int]
) -> tuple[int, int]:
    """Return how many voters have more of their choices in `one` than in `other`, and the other way round.

    The comparison step of Wieliczka and Assen: Equal Shares stands unless more voters prefer the greedy result. A
    voter without any project in one of the two counts like every other. Ballots come with how many are equal.
    """
    for_one = for_other = 0
    for ballot, times in ballots:
        won = sum(number in one for number in ballot)
        lost = sum(number in other for number in ballot)
        for_one += times * (won > lost)
        for_other += times * (lost > won)
    return for_one, for_other


_NOTHING = Shares(Fraction(0), (), (), {})


class Count:
    """The ballots of one count by project, so that it can be run with one share after another."""

    def __init__(
        self, ballots: Iterable[Ballot], contenders: Sequence[Contender], ties: TieOrder, places: Places
    ) -> None:
        self.costs = {contender.number: contender.cost for contender in contenders}
        self.supporters: dict[int, list[int]] = {number: [] for number in self.costs}
        self.weights: dict[int, list[int]] | None = None
        self.places, self.ties = places, ties
        self.voters = 0
        for ballot in ballots:
            self._add(ballot)
        self.supported = [number for number, voters in self.supporters.items() if voters]
        self.scores = {n: len(voters) for n, voters in self.supporters.items()}
        if self.weights is not None:
            self.scores = {number: sum(points) for number, points in self.weights.items()}

    def _add(self, ballot: Ballot) -> None:
        named = [number for number in dict.fromkeys(ballot) if number in self.supporters]
        for number in named:
            self.supporters[number].append(self.voters)
        if isinstance(ballot, Mapping):
            self.weights = self.weights or {number: [] for number in self.costs}
            for number in named:
                self.weights[number].append(ballot[number])
        self.voters += bool(named)

    def cost(self, projects: Iterable[int]) -> int:
        """Return what projects cost together."""
        return sum(self.costs[number] for number in projects)

    def run(self, share: Fraction, most: int | None = None) -> Shares:
        """Let supporters buy, each voter beginning with `share`; ends early once more than `most` is spent."""
        wallets, places = Wallets(self.voters, share), self.places.again()
        purchases: list[Purchase] = []
        spent = 0
        # What a project asks for each unit of its utility only ever grows, so an old figure is a lower bound.
        waiting = [(self._least(number), number) for number in self.supported]
        heapify(waiting)
        while not places.full and (bought := self._next(waiting, wallets, places)):
            number, asks, tied = bought
            weights = self._weights(number)
            payment = asks if weights else asks * (self.costs[number] or 1)
            paid = wallets.most_paid(self.supporters[number], payment, weights) if weights else payment
            purchases.append(Purchase(number, paid, tied))
            wallets.pay(self.supporters[number], payment, weights)
            places.take(number)
            spent += self.costs[number]
            if most is not None and spent > most:
                break
        won = {purchase.project for purchase in purchases}
        means = {n: wallets.together(self.supporters[n]) for n in self.costs if n not in won}
        blocked = frozenset(n for n in self.costs if n not in won and not places.is_open_to(n))
        return Shares(share, tuple(purchases), (), means, blocked=blocked)

    def _weights(self, number: int) -> Weights | None:
        return None if self.weights is None else self.weights[number]

    def _least(self, number: int) -> Fraction:
        """Return what a project asks while all its supporters have enough."""
        if self.weights is None:
            return Fraction(bool(self.costs[number]), len(self.supporters[number]))
        return Fraction(self.costs[number], sum(self.weights[number]))

    def _next(
        self, waiting: list[tuple[Fraction, int]], wallets: Wallets, places: Places
    ) -> tuple[int, Fraction, tuple[int, ...]] | None:
        """Take the project that asks the least out of `waiting`, with its equals; drop those that cannot be paid."""
        best: list[tuple[Fraction, int]] = []
        while waiting and (not best or waiting[0][0] <= best[0][0]):
            _bound, number = heappop(waiting)
            if not places.is_open_to(number):
                continue
            weights = self._weights(number)
            payment = wallets.offer(self.supporters[number], self.costs[number], weights)
            if payment is None:
                continue
            asks = payment if weights else payment / (self.costs[number] or 1)
            if not best or asks == best[0][0]:
                best.append((asks, number))
            elif asks > best[0][0]:
                heappush(waiting, (asks, number))
            else:
                for other in best:
                    heappush(waiting, other)
                best = [(asks, number)]
        if not best:
            return None
        first, *others = sorted(best, key=lambda one: self.ties[one[1]])
        for other in others:
            heappush(waiting, other)
        return first[1], first[0], tuple(number for _asks, number in others)

    def with_the_rest(self, found: Shares, money: int) -> Shares:
        """Spend what is left on the other supported projects in the order of votes, skipping what does not fit."""
        left = money - self.cost(found.funded)
        places = self.places.again()
        for purchase in found.purchases:
            places.take(purchase.project)
        added = []
        for number in sorted(self.supported, key=lambda n: (-self.scores[n], self.ties[n])):
            if number not in found.funded and self.costs[number] <= left and places.is_open_to(number):
                added.append(number)
                places.take(number)
                left -= self.costs[number]
        means = {number: rest for number, rest in found.means.items() if number not in added}
        blocked = frozenset(n for n in means if not places.is_open_to(n))
        return replace(found, added=tuple(added), means=means, blocked=blocked)

    def ended(self, found: Shares) -> bool:
        """Tell whether no project is left that supporters could buy if they had more."""
        return next(self._open(found), None) is None

    def is_exhausted(self, found: Shares, money: int) -> bool:
        """Tell whether nothing more would fit."""
        left = money - self.cost(found.funded)
        taken = found.funded | found.blocked
        return all(cost > left for number, cost in self.costs.items() if number not in taken)

    def _open(self, found: Shares) -> Iterator[int]:
        return (n for n in self.supported if n not in found.funded and n not in found.blocked)


def _raised(count: Count, first: Shares, money: int, step: Fraction, exhaustive_stop: bool) -> Shares:
    """Raise the shares step by step and return the last result that the budget pays for.

    Without `exhaustive_stop` it goes on although nothing more would fit, and others may be bought instead: the
    official result of Wieliczka 2023 needs these steps.
    """
    kept = first
    while not count.ended(kept) and not (exhaustive_stop and count.is_exhausted(kept, money)):
        steps = kept.steps + 1
        tried = count.run(first.share + steps * step, most=money)
        if count.cost(tried.funded) > money:
            break
        kept = replace(tried, steps=steps)
    return kept
