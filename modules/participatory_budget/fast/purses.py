"""What voters have left of their shares: quickly as floating point, and exactly wherever that would not decide.

Every figure in floating point is known to be within `error` of the exact one. Exact sums rest on one thing: who still
has money has paid for all purchases on her ballot in full, and so has the first share less their payments. Voters who
surely have enough (solvent) are in the sums only.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf, nextafter
from operator import mul

import numpy as np
import numpy.typing as npt

from .electorate import Electorate, Indices

_UNIT = 2.0**-53
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Offer:
    """What each supporter of a project pays at most, exactly, and which of them have nothing left then."""

    payment: Fraction
    empty: Mask


class TooDear(ArithmeticError):
    """A project asks more than the price at which voters were taken for solvent."""

    def __init__(self, project: int) -> None:
        super().__init__(f"project {project} asks more than its price")
        self.project = project


class Purses:
    """The money of all voters of an electorate, each beginning with the same share."""

    def __init__(self, electorate: Electorate, share: Fraction) -> None:
        self._of = electorate
        self._denominator = share.denominator
        self._share = share.numerator
        self._payments: list[int] = []
        self._bought: list[int] = []
        self._kinds = np.zeros(65_536, np.int16)
        self._left = np.full(len(electorate.times), float(share))
        self._seen: dict[int, Floats] = {}
        self._top = float(share)
        self._of_solvent = np.diagonal(electorate.solvent.beside) * self._top
        self.error = 2 * _UNIT * self._top

    def may_pay(self, number: int, cost: int) -> bool:
        """Tell whether the supporters of a project have its cost together."""
        slack = self._slack(number, cost)
        together = self._of.crowds[number].sum(self._held(number)) + self._of_solvent_for(number)
        if abs(together - cost) > slack:
            return together > cost
        return self.together(number) >= cost

    def least(self, number: int, cost: int, known: float) -> tuple[float, float]:
        """Return about what each supporter pays, and a bound that it is surely not below; `known` is such a bound."""
        held, crowd = self._held(number), self._of.crowds[number]
        payments = np.empty_like(held)
        x = max(known, cost / self._of.scores[number] * (1 - 8 * _UNIT))
        for _step in range(200):
            paid = crowd.sum(np.minimum(held, x, out=payments)) + crowd.solvent * x
            rich = crowd.voters(held > x) + crowd.solvent
            further = x + (cost - paid) / rich if rich else x
            if further <= x * (1 + 4 * _UNIT):
                break
            x = further
        return x, max(known, self._bound(number, cost, x, paid))

    def _bound(self, number: int, cost: int, x: float, paid: float) -> float:
        """Return a payment that is surely not above the exact one, from what is paid when each pays `x`.

        Between two payments the sum that is paid grows at least as fast as at the higher and at most as fast as at the
        lower one, by one for each supporter who has more.
        """
        held, crowd = self._held(number), self._of.crowds[number]
        missing = cost - paid - self._slack(number, cost)
        growth = crowd.voters(held > x - self.error if missing > 0 else held >= x + self.error)
        growth += crowd.solvent
        if not growth:
            return x * (1 - 8 * _UNIT) if missing > 0 else 0.0
        found = x + missing / growth
        return found * (1 - 8 * _UNIT) if found > 0 else 0.0

    def offer(self, number: int, cost: int, near: float) -> Offer:
        """Return the exact payment of a project that its supporters can pay; `near` says where to look for it.

        Raises TooDear for more than its price where some of them are taken for solvent, who may have less than that.
        """
        held = self._held(number)
        width = 8 * self.error + 1e-12 * near
        while True:
            poor, rich = held < near - width, held > near + width
            offer = self._exact(number, cost, poor, rich)
            below, above = near - width if poor.any() else None, near + width if rich.any() else None
            if offer is not None and self._fits(offer.payment, below, above):
                if self._of.crowds[number].solvent and offer.payment > self._of.solvent.prices[number]:
                    raise TooDear(number)
                return offer
            if below is None and above is None:
                raise ArithmeticError(f"the supporters of project {number} cannot pay for it")
            width *= 1000

    def pay(self, number: int, offer: Offer) -> None:
        """Take the payment from each supporter, or all she has if that is less."""
        found = self._of.supporters[number]
        self._make_room_for(offer.payment.denominator)
        price = offer.payment.numerator * (self._denominator // offer.payment.denominator)
        after = self._held(number) - float(offer.payment)
        few = after <= 64 * (self.error + _UNIT * float(offer.payment))
        near = np.flatnonzero(few & ~offer.empty)
        if len(near):
            exact, which = self._amounts(found[near])
            left = np.array([float(Fraction(one - price, self._denominator)) for one in exact])
            after[near] = left[which]
        after[offer.empty] = 0.0
        self._left[found] = after
        self._seen.clear()
        if self._of.solvent.beside.size:
            self._of_solvent -= self._of.solvent.beside[self._place(number)] * float(offer.payment)
        self._payments.append(price)
        self._bought.append(number)
        self._kinds[number] = len(self._payments)
        self.error += 4 * _UNIT * self._top

    def together(self, number: int) -> Fraction:
        """Return what the supporters of a project have left together, exactly."""
        found = self._of.supporters[number]
        held = self._sum(found[self._left[found] > 0])
        if crowd := self._of.crowds[number].solvent:
            places = [self._place(one) for one in self._bought]
            named = self._of.solvent.beside[self._place(number), places].tolist()
            held += crowd * self._share - sum(map(mul, self._payments, named))
        return Fraction(held, self._denominator)

    def _slack(self, number: int, cost: int) -> float:
        """Return how far a sum over the supporters of a project, of up to about its cost, can be from the exact one."""
        found = self._of.supporters[number]
        return 4 * _UNIT * (len(found) + 8) * cost + self._of.scores[number] * self.error

    def _exact(self, number: int, cost: int, poor: Mask, rich: Mask) -> Offer | None:
        found, crowd, held = self._of.supporters[number], self._of.crowds[number], self._held(number)
        needed = cost * self._denominator - self._sum(found[poor & (held > 0)])
        payers = self._of.scores[number] - crowd.voters(poor)
        between = np.flatnonzero(~(poor | rich))
        amounts, which = self._amounts(found[between])
        of_each = np.bincount(which, self._of.times[found[between]], len(amounts)) if amounts else np.zeros(0)
        for amount, voters in sorted(zip(amounts, of_each.tolist(), strict=True)):
            if amount * payers >= needed:
                break
            needed -= amount * int(voters)
            payers -= int(voters)
        if payers < 1 or needed < 0:
            return None
        empty = poor.copy()
        empty[between] = np.array([amount * payers <= needed for amount in amounts], bool)[which]
        return Offer(Fraction(needed, payers * self._denominator), empty)

    def _fits(self, payment: Fraction, poor: float | None, rich: float | None) -> bool:
        """Tell whether who has less than `poor` surely has less than the payment, and who has more than `rich` more."""
        about = float(payment)
        margin = 2 * self.error + 4 * _UNIT * about
        return (poor is None or poor + margin < about) and (rich is None or rich - margin > about)

    def _of_solvent_for(self, number: int) -> float:
        """Return what the solvent supporters of a project have left together."""
        return float(self._of_solvent[self._place(number)]) if self._of.solvent.beside.size else 0.0

    def _place(self, number: int) -> int:
        return self._of.solvent.places[number]

    def _held(self, number: int) -> Floats:
        """Return what the supporters of a project have left; collected once between two purchases."""
        if number not in self._seen:
            self._seen[number] = np.take(self._left, self._of.supporters[number], mode="clip")
        return self._seen[number]

    def _sum(self, ballots: Indices) -> int:
        """Return what voters with money have, in units of the denominator."""
        if not len(ballots):
            return 0
        whole = int(self._of.times[ballots].sum()) * self._share
        named = self._of.bought_by(ballots, self._kinds, len(self._payments))
        return whole - sum(paid * count for paid, count in zip(self._payments, named, strict=True) if count)

    def _amounts(self, ballots: Indices) -> tuple[list[int], npt.NDArray[np.int64]]:
        """Return the different amounts that voters have, and which of them each ballot has."""
        if not len(ballots):
            return [], np.zeros(0, np.int64)
        histories, which = self._of.histories(ballots, self._kinds)
        amounts = [self._share - sum(self._payments[kind - 1] for kind in one) for one in histories]
        empty = self._left[ballots] == 0.0
        if empty.any():
            which = np.where(empty, len(amounts), which)
            amounts.append(0)
        return amounts, which

    def _make_room_for(self, denominator: int) -> None:
        factor = denominator // gcd(self._denominator, denominator)
        if factor > 1:
            self._payments = [paid * factor for paid in self._payments]
            self._share *= factor
            self._denominator *= factor


def just_above(value: Fraction) -> float:
    """Return a floating-point number that is surely not below the exact one."""
    return nextafter(nextafter(float(value), inf), inf)
