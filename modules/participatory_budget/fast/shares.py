"""The Method of Equal Shares for millions of approval ballots; every purchase and every tie as `rules` has them."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import inf

from ..rules.counting.part import Part
from ..rules.counting.places import Places
from ..rules.equal_shares import Count, Purchase, Shares, completed
from ..rules.ties import Contender, TieOrder
from .columns import Columns, Numbers
from .electorate import Electorate
from .purses import Offer, Purses, TooDear, just_above

_LOWER = 1 - 2.0**-50
_MARGIN, _AGAIN = 1.15, 1.1
"""How much dearer a project can become, and the shares higher, before voters are looked through anew."""


def share_out(ballots: Columns, times: Numbers, part: Part, for_sale: Sequence[Contender]) -> Shares:
    """Share the money of an envelope out among the voters of approval ballots, equal ones together."""
    electorate = Electorate.of(ballots, times, [one.number for one in for_sale])
    return completed(
        LargeCount(electorate, for_sale, part.ties, part.places),
        part.money,
        completion=part.rule.completion,
        step=None if part.rule.step is None else Fraction(part.rule.step),
        exhaustive_stop=part.rule.exhaustive_stop,
    )


class LargeCount(Count):
    """A count whose voters are held in columns; each purchase is settled exactly."""

    def __init__(
        self, electorate: Electorate, contenders: Sequence[Contender], ties: TieOrder, places: Places
    ) -> None:
        super().__init__((), contenders, ties, places)
        self._all = self._followed = electorate
        self._paid: dict[int, float] = {}
        self._lowest, self._anew_at = 0.0, inf
        self.voters, self.scores = electorate.voters, dict(electorate.scores)
        self.supported = [number for number in self.costs if self.scores[number]]

    def run(self, share: Fraction, most: int | None = None) -> Shares:
        """Let supporters buy, each voter beginning with `share`; ends early once more than `most` is spent.

        What was paid before says who surely has enough now. Where a project asks for more than that, all are followed.
        """
        try:
            found = self._run(self._electorate(float(share)), share, most)
        except TooDear:
            found = self._run(self._all, share, most)
            self._anew_at = 0.0
        self.learn({purchase.project: float(purchase.payment) for purchase in found.purchases})
        return found

    def learn(self, paid: Mapping[int, float]) -> None:
        """Take what was paid for each project, and a little more, for what it will ask at most with higher shares."""
        if not self._paid:
            self._anew_at = 0.0
        self._paid = dict(paid)

    def _electorate(self, share: float) -> Electorate:
        """Return the voters for a run with this share, leaving out more of the solvent now and then."""
        if share < self._lowest or share >= self._anew_at:
            prices = dict.fromkeys(self.scores, inf)
            prices |= {number: paid * _MARGIN for number, paid in self._paid.items()}
            self._followed = self._all.narrowed(prices, share)
            self._lowest, self._anew_at = share, share * _AGAIN
        return self._followed

    def _run(self, electorate: Electorate, share: Fraction, most: int | None) -> Shares:
        purses, places = Purses(electorate, share), self.places.again()
        purchases: list[Purchase] = []
        spent = 0
        waiting = [(_LOWER / self.scores[n] if self.costs[n] else 0.0, n) for n in self.supported]
        heapify(waiting)
        known = dict.fromkeys(self.supported, 0.0)
        while not places.full and (bought := self._cheapest(waiting, known, purses, places)):
            number, offer, tied = bought
            purchases.append(Purchase(number, offer.payment, tied))
            purses.pay(number, offer)
            places.take(number)
            spent += self.costs[number]
            if most is not None and spent > most:
                break
        won = {purchase.project for purchase in purchases}
        others = [number for number in self.costs if number not in won]
        blocked = frozenset(number for number in others if not places.is_open_to(number))
        return Shares(share, tuple(purchases), (), _Means(others, purses), blocked=blocked)

    def _cheapest(
        self, waiting: list[tuple[float, int]], known: dict[int, float], purses: Purses, places: Places
    ) -> tuple[int, Offer, tuple[int, ...]] | None:
        """Take the project that asks the least out of `waiting`, with its equals; drop those that cannot be paid.

        Bounds say whom to look at; who is looked at is compared exactly.
        """
        ready: list[tuple[float, int, float]] = []
        best: list[tuple[Fraction, int, Offer]] = []
        later: list[tuple[float, int]] = []
        ceiling = inf
        while True:
            while waiting and waiting[0][0] <= min(ceiling, ready[0][0] if ready else inf):
                _bound, number = heappop(waiting)
                cost = self.costs[number]
                if places.is_open_to(number) and purses.may_pay(number, cost):
                    near, known[number] = purses.least(number, cost, known[number])
                    heappush(ready, (known[number] / (cost or 1) * _LOWER, number, near))
            if not ready or ready[0][0] > ceiling:
                break
            bound, number, near = heappop(ready)
            offer = purses.offer(number, self.costs[number], near)
            asks = offer.payment / (self.costs[number] or 1)
            if not best or asks <= best[0][0]:
                if best and asks < best[0][0]:
                    later += [(float(dearer) * _LOWER, other) for dearer, other, _offer in best]
                    best = []
                best.append((asks, number, offer))
                ceiling = just_above(asks)
            else:
                later.append((bound, number))
        for entry in [*later, *((bound, number) for bound, number, _near in ready)]:
            heappush(waiting, entry)
        if not best:
            return None
        first, *others = sorted(best, key=lambda one: self.ties[one[1]])
        for asks, number, _offer in others:
            heappush(waiting, (float(asks) * _LOWER, number))
        return first[1], first[2], tuple(number for _asks, number, _offer in others)


class _Means(Mapping[int, Fraction]):
    """What the supporters of each project have left together, added up only where somebody asks."""

    def __init__(self, projects: Sequence[int], purses: Purses) -> None:
        self._projects, self._purses = dict.fromkeys(projects), purses

    def __getitem__(self, number: int) -> Fraction:
        if number not in self._projects:
            raise KeyError(number)
        return self._purses.together(number)

    def __iter__(self) -> Iterator[int]:
        return iter(self._projects)

    def __len__(self) -> int:
        return len(self._projects)
