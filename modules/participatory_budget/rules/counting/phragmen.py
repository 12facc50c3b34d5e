"""Sequential Phragmén: voters earn money all at the same pace, and supporters buy a project as soon as they can.

Whoever pays for a project gives what she has earned and begins again at nothing. Bought next is the project whose
supporters have its cost together first. The count ends when that project, or one that comes due at the same moment,
costs more than is left of the budget. Phragmén 1894; for projects with costs Los, Christoff, Grossi: Proportional Budget
Allocations (IJCAI 2022). Exact: what each voter had earned is a fraction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from ..outcomes import Decision, Outcome, Reason, ReasonCode, Spending
from ..ties import Contender, Tie, broken_by
from .counted import Group
from .part import Part


@dataclass(frozen=True, slots=True)
class _Due:
    """The project that comes due next, what each voter has earned then, and those that come due with it."""

    first: Contender
    earned: Fraction
    others: tuple[Contender, ...] = ()

    @property
    def all(self) -> tuple[Contender, ...]:
        return (self.first, *self.others)


def decide_by_phragmen(part: Part) -> Decision:
    """Hand out the money of one envelope; those funded come first, as they were bought."""
    standing = {one.number: one for one in part.eligible() if one.cost <= part.money}
    market = _Market(part.counted.groups(), standing)
    reasons: dict[int, Reason] = {}
    met: list[_Due] = []
    left, stopped = part.money, False
    while due := _next(part, market, standing):
        if any(one.cost > left for one in due.all):
            stopped = True
            break
        met.append(due)
        left -= due.first.cost
        reasons[due.first.number] = Reason(ReasonCode.EARNED, by=ceil(due.earned))
        part.places.take(due.first.number)
        market.buy(due.first.number, due.earned)
        del standing[due.first.number]
    return Decision(
        tuple(_outcomes(part, reasons, left, stopped)),
        (Spending(part.envelope, part.money, part.money - left),),
        tuple(_ties(part, met, due if stopped else None, left, reasons)),
    )


class _Market:
    """The supporters of each project by what they last paid for: since then they have earned alike."""

    def __init__(self, groups: Iterable[Group], standing: Mapping[int, Contender]) -> None:
        self._ballots: list[tuple[tuple[int, ...], int]] = []
        self._last: list[int] = []
        self._paid_at = [Fraction(0)]
        self._of: dict[int, list[int]] = {number: [] for number in standing}
        self._since: dict[int, dict[int, int]] = {number: {} for number in standing}
        for marks, times in groups:
            named = tuple(number for number in marks if number in standing)
            for number in named:
                self._of[number].append(len(self._ballots))
                self._since[number][0] = self._since[number].get(0, 0) + times
            self._ballots.append((named, times))
            self._last.append(0)

    def due_at(self, contender: Contender) -> Fraction:
        """Return what each voter must have earned before the supporters have the cost together."""
        since = self._since[contender.number]
        paid = sum((self._paid_at[when] * voters for when, voters in since.items()), Fraction(contender.cost))
        return paid / sum(since.values())

    def buy(self, number: int, earned: Fraction) -> None:
        """Let the supporters begin again at nothing."""
        now = len(self._paid_at)
        self._paid_at.append(earned)
        for ballot in self._of[number]:
            named, times = self._ballots[ballot]
            for other in named:
                since = self._since[other]
                since[self._last[ballot]] -= times
                since[now] = since.get(now, 0) + times
            self._last[ballot] = now


def _next(part: Part, market: _Market, standing: Mapping[int, Contender]) -> _Due | None:
    able = [one for number, one in standing.items() if part.places.is_open_to(number)]
    times = {one.number: market.due_at(one) for one in able}
    if not times:
        return None
    soonest = min(times.values())
    due = sorted((one for one in able if times[one.number] == soonest), key=lambda one: part.ties[one.number])
    return _Due(due[0], soonest, tuple(due[1:]))


def _ties(
    part: Part, met: Iterable[_Due], last: _Due | None, left: int, bought: Mapping[int, Reason]
) -> Iterable[Tie]:
    """Return what came due together while not all of it was bought."""
    for due in met:
        if any(one.number not in bought for one in due.others):
            yield _tied(part, due, [due.first])
    if last and (fits := [one for one in last.all if one.cost <= left]):
        yield _tied(part, last, fits)


def _tied(part: Part, due: _Due, won: Sequence[Contender]) -> Tie:
    scores = {part.score(one.number) for one in due.all}
    lost = [one for one in due.all if one not in won]
    by = broken_by(won, lost, part.rule.tie_break)
    numbers = tuple(one.number for one in due.all)
    return Tie(part.envelope, scores.pop() if len(scores) == 1 else None, numbers, by)


def _outcomes(part: Part, bought: Mapping[int, Reason], left: int, stopped: bool) -> Iterable[Outcome]:
    order = [*bought, *(one.number for one in part.by_score() if one.number not in bought)]
    costs = {one.number: one.cost for one in part.running}
    for place, number in enumerate(order, start=1):
        reason = bought.get(number) or _why_not(part, number, costs[number], left, stopped)
        yield part.outcome(number, place, reason, funded=number in bought)


def _why_not(part: Part, number: int, cost: int, left: int, stopped: bool) -> Reason:
    if barred := part.why_barred(number) or part.why_shut_out(number):
        return barred
    if cost > part.money:
        return Reason(ReasonCode.ABOVE_BUDGET, left=part.money, by=cost - part.money)
    if cost > left or not stopped:
        return Reason(ReasonCode.OVER_LEFT, left=left, by=cost - left)
    return Reason(ReasonCode.AFTER_STOP, left=left)
