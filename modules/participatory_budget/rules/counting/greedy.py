"""Money handed out along an order: the rule most European cities have written into their regulations.

GREEDY_SKIP gives a project its money when it still fits and otherwise goes on to the next (Warsaw, Łódź, Kraków;
`greedy` at pabulib.org/format). GREEDY_STOP ends at the first project that does not fit (Wrocław, Gdynia;
`greedy-no-skip`), and pays even that one where enough of its cost is left (Poznań). VALUE orders by votes or points
for each unit of money, MAJORITY_JUDGEMENT by grades; both skip. Projects that cannot win are in the order, but get
nothing and block nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from ..outcomes import Decision, Method, Outcome, Reason, ReasonCode, Spending
from ..ties import Contender, Tie, broken_by
from .judgement import Judgement, best_first
from .part import Part

PAID = (ReasonCode.FUNDED, ReasonCode.FROM_LEFTOVERS, ReasonCode.WITHIN_TOLERANCE)


@dataclass(frozen=True, slots=True)
class Equals:
    """Contenders that the rule does not tell apart, in the tie order, and the votes or points that each has."""

    members: Sequence[Contender]
    score: int | None


def in_order(part: Part, method: Method) -> list[Equals]:
    """Return the contenders as a greedy method takes them."""
    match method:
        case Method.VALUE:
            return _along(part, lambda one: (one.cost > 0, -_value(part, one)))
        case Method.MAJORITY_JUDGEMENT:
            judged = {
                one.number: Judgement.of(part.counted.grades[one.number], part.counted.voters)
                for one in part.running
            }
            return _along(part, lambda one: best_first(judged[one.number]))
        case _:
            return _along(part, lambda one: -part.score(one.number))


def hand_out(part: Part, order: Iterable[Equals]) -> Decision:
    """Give the money of one envelope to projects along an order."""
    purse = Purse(part, part.money)
    outcomes: list[Outcome] = []
    ties: list[Tie] = []
    for equals in order:
        reasons, tie = purse.pay_equals(equals)
        ties += [tie] if tie else []
        for one, reason in zip(equals.members, reasons, strict=True):
            found = part.outcome(one.number, len(outcomes) + 1, reason, funded=reason.code in PAID)
            others = tuple(other for other in tie.projects if other != one.number) if tie else ()
            outcomes.append(replace(found, tied_with=others))
    spent = part.money + purse.added - purse.left
    return Decision(tuple(outcomes), (Spending(part.envelope, part.money, spent, purse.added),), tuple(ties))


class Purse:
    """The money of one envelope, handed out project by project."""

    def __init__(self, part: Part, money: int) -> None:
        self.money = self.left = money
        self.added = 0
        self._part = part
        self._stops = part.rule.method is Method.GREEDY_STOP
        self._tolerance = part.rule.stop_tolerance if self._stops else None
        self._stopped = False

    def pay_equals(self, equals: Equals) -> tuple[list[Reason], Tie | None]:
        """Pay projects that are equal, and return the tie when their order decided who gets money."""
        left, going_on = self.left, not self._stopped
        able = [one for one in equals.members if self._why_not(one.number) is None] if going_on else []
        reasons = [self.pay(one) for one in equals.members]
        paid = {
            one.number for one, reason in zip(equals.members, reasons, strict=True) if reason.code in PAID
        }
        won = [one for one in able if one.number in paid]
        lost = [one for one in able if one.number not in paid]
        # Another order would have funded others when one that lost could have won as the first of them. Where the
        # count stops at what does not fit, a loser taken first takes the money from the winners.
        decided = any(self._pays(one.cost, left) for one in lost) or (self._stopped and bool(won and lost))
        if not decided:
            return reasons, None
        numbers = tuple(one.number for one in equals.members)
        by = broken_by(won, lost, self._part.rule.tie_break)
        return reasons, Tie(self._part.envelope, equals.score, numbers, by)

    def pay(self, contender: Contender) -> Reason:
        """Give the next project its money, or say why not."""
        number, cost = contender.number, contender.cost
        if barred := self._part.why_barred(number):
            return barred
        if self._stopped:
            return Reason(ReasonCode.AFTER_STOP, left=self.left)
        if shut_out := self._part.why_shut_out(number):
            return shut_out
        if cost <= self.left:
            self.left -= cost
            self._part.places.take(number)
            return Reason(ReasonCode.FUNDED, left=self.left)
        self._stopped = self._stops
        if self._pays(cost, self.left):
            return self._pay_with_help(number, cost)
        if cost > self.money:
            return Reason(ReasonCode.ABOVE_BUDGET, left=self.money, by=cost - self.money)
        return Reason(ReasonCode.OVER_LEFT, left=self.left, by=cost - self.left)

    def _pay_with_help(self, number: int, cost: int) -> Reason:
        left, self.left = self.left, 0
        self.added = cost - left
        self._part.places.take(number)
        return Reason(ReasonCode.WITHIN_TOLERANCE, left=left, by=self.added)

    def _pays(self, cost: int, left: int) -> bool:
        """Tell whether so much is enough for a project."""
        return cost <= left or (self._tolerance is not None and 100 * left >= self._tolerance * cost)

    def _why_not(self, number: int) -> Reason | None:
        return self._part.why_barred(number) or self._part.why_shut_out(number)


def _along(part: Part, key: Callable[[Contender], Any]) -> list[Equals]:
    """Return contenders sorted by a key, those with equal keys together."""
    ranked = sorted(part.running, key=lambda one: (key(one), part.ties[one.number]))
    return [_equals(part, list(members)) for _key, members in groupby(ranked, key=key)]


def _equals(part: Part, members: Sequence[Contender]) -> Equals:
    scores = {part.score(one.number) for one in members}
    graded = bool(part.counted.grades)
    return Equals(members, scores.pop() if len(scores) == 1 and not graded else None)


def _value(part: Part, one: Contender) -> Fraction:
    return Fraction(part.score(one.number), one.cost or 1)
