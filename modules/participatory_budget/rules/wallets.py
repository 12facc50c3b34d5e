"""What voters have left of their shares, exactly, for a million voters in plain Python.

Supporters of a project can weigh differently, by the points they gave it: who gave twice as many pays twice as much.

Amounts are whole numbers over one denominator for all. Voters who have paid for the same projects have the same amount
left, so an amount is kept once for all of them and a voter only says which one is hers.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import gcd

_EMPTY = 0


Weights = Sequence[int]
"""How much each supporter of a project weighs, in the order of the supporters."""


class Wallets:
    """The money of voters numbered from 0."""

    def __init__(self, voters: int, share: Fraction) -> None:
        self._amounts = [0, share.numerator]
        self._denominator = share.denominator
        self._of = [1] * voters

    def offer(self, supporters: Sequence[int], cost: int, weights: Weights | None = None) -> Fraction | None:
        """Return what each supporter pays for each unit of weight if they buy together; None when they cannot.

        It is the smallest x with the sum of min(what she has, x times her weight) over all supporters equal to
        the cost. Without weights all weigh one.
        """
        if weights is not None:
            return self._weighted_offer(supporters, cost, weights)
        needed, payers = cost * self._denominator, len(supporters)
        for amount, voters in self._held_by(supporters):
            if amount * payers >= needed:
                return Fraction(needed, payers * self._denominator)
            needed -= amount * voters
            payers -= voters
        return None

    def _weighted_offer(self, supporters: Sequence[int], cost: int, weights: Weights) -> Fraction | None:
        needed, weight = cost * self._denominator, sum(weights)
        for amount, each, voters in self._held_by_weight(supporters, weights):
            if amount * weight >= needed * each:
                return Fraction(needed, weight * self._denominator)
            needed -= amount * voters
            weight -= each * voters
        return None

    def most_paid(self, supporters: Sequence[int], payment: Fraction, weights: Weights) -> Fraction:
        """Return the most that any supporter pays."""
        held = self._held_by_weight(supporters, weights)
        return max(min(Fraction(amount, self._denominator), payment * each) for amount, each, _n in held)

    def pay(self, supporters: Sequence[int], payment: Fraction, weights: Weights | None = None) -> None:
        """Take `payment` from each supporter for each unit of her weight, or all she has if that is less."""
        self._make_room_for(payment.denominator)
        price = payment.numerator * (self._denominator // payment.denominator)
        if weights is None:
            self._take(supporters, price)
        else:
            payers: dict[int, list[int]] = {}
            for voter, weight in zip(supporters, weights, strict=True):
                payers.setdefault(weight, []).append(voter)
            for weight, voters in payers.items():
                self._take(voters, price * weight)
        self._forget_unused()

    def _take(self, payers: Sequence[int], price: int) -> None:
        after = {_EMPTY: _EMPTY}
        of, amounts = self._of, self._amounts
        for voter in payers:
            before = of[voter]
            if before not in after:
                rest = amounts[before] - price
                after[before] = len(amounts) if rest > 0 else _EMPTY
                if rest > 0:
                    amounts.append(rest)
            of[voter] = after[before]

    def together(self, supporters: Sequence[int]) -> Fraction:
        """Return what supporters have left together."""
        held = sum(amount * voters for amount, voters in self._held_by(supporters))
        return Fraction(held, self._denominator)

    def _held_by(self, supporters: Sequence[int]) -> list[tuple[int, int]]:
        """Return the amounts that supporters have and how many have each, the smallest first."""
        held = Counter(map(self._of.__getitem__, supporters))
        return sorted((self._amounts[which], voters) for which, voters in held.items())

    def _held_by_weight(self, supporters: Sequence[int], weights: Weights) -> list[tuple[int, int, int]]:
        """Return amounts, weights and how many supporters have both, who is used up soonest first."""
        held = Counter(zip(map(self._of.__getitem__, supporters), weights, strict=True))
        rows = [(self._amounts[which], weight, voters) for (which, weight), voters in held.items()]
        return sorted(rows, key=lambda row: Fraction(row[0], row[1]))

    def _make_room_for(self, denominator: int) -> None:
        factor = denominator // gcd(self._denominator, denominator)
        if factor > 1:
            self._amounts = [amount * factor for amount in self._amounts]
            self._denominator *= factor

    def _forget_unused(self) -> None:
        """Keep the list of amounts within twice those that somebody has."""
        if len(self._amounts) < 64:
            return
        used = sorted({_EMPTY, *self._of})
        if 2 * len(used) < len(self._amounts):
            places = {old: new for new, old in enumerate(used)}
            self._amounts = [self._amounts[old] for old in used]
            self._of = [places[old] for old in self._of]
