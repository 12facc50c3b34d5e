"""One envelope handed out by the Method of Equal Shares, and what is to be said about every project in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from ..ballots import BallotType
from ..equal_shares import Ballot, Purchase, Shares, equal_shares, prefers
from ..outcomes import Comparison, Decision, Method, Outcome, Reason, ReasonCode, Spending
from ..ties import Contender, Tie, broken_by
from .counted import Counted, points_for
from .greedy import hand_out, in_order
from .part import Part

Engine = Callable[[Part, Sequence[Contender]], Shares]
"""Shares the money of an envelope out among the voters, those contenders being for sale."""


def share_out(part: Part, for_sale: Sequence[Contender]) -> Shares:
    """Share out with the engine that needs nothing but Python."""
    rule = part.rule
    return equal_shares(
        _each(part.counted),
        for_sale,
        part.money,
        part.ties,
        completion=rule.completion,
        step=None if rule.step is None else Fraction(rule.step),
        exhaustive_stop=rule.exhaustive_stop,
        places=part.places,
    )


def decide_by_shares(part: Part, engine: Engine = share_out) -> Decision:
    """Share out the money among the voters of the envelope; those funded come first, as they were bought.

    Projects with too few votes are not for sale; who named no other project has no share. With a comparison the
    greedy result stands where strictly more voters have more projects of theirs in it.
    """
    found = engine(part, part.eligible())
    if not part.rule.comparison:
        return _decision(part, found)
    greedy = hand_out(replace(part, places=part.places.again()), in_order(part, Method.GREEDY_SKIP))
    groups = part.counted.groups()
    for_shares, for_greedy = prefers(groups, found.funded, frozenset(greedy.funded))
    comparison = Comparison(part.envelope, for_shares, for_greedy)
    stands = greedy if comparison.greedy_stands else _decision(part, found)
    if comparison.greedy_stands:
        for number in greedy.funded:
            part.places.take(number)
    return replace(stands, comparisons=(comparison,))


def utilities(counted: Counted) -> Iterator[tuple[Ballot, int]]:
    """Return ballots with how many are equal: as they are, or with points for the projects they rank."""
    places = counted.places
    for marks, times in counted.groups():
        if counted.kind is BallotType.RANKED:
            yield {number: points_for(counted.kind, mark, places) for number, mark in marks.items()}, times
        elif counted.kind is BallotType.POINTS:
            yield marks, times
        else:
            yield tuple(marks), times


def _each(counted: Counted) -> Iterator[Ballot]:
    for ballot, times in utilities(counted):
        for _ in range(times):
            yield ballot


def _decision(part: Part, found: Shares) -> Decision:
    for number in found.funded:
        part.places.take(number)
    left = part.money - sum(one.cost for one in part.running if one.number in found.funded)
    reasons = _reasons(part, found, left)
    order = [*(purchase.project for purchase in found.purchases), *found.added]
    order += [one.number for one in part.by_score() if one.number not in found.funded]
    ties = [tie for purchase in found.purchases if (tie := _tie(part, purchase, found))]
    outcomes = tuple(_outcomes(part, order, reasons, found, ties))
    return Decision(outcomes, (Spending(part.envelope, part.money, part.money - left),), tuple(ties))


def _outcomes(
    part: Part, order: Sequence[int], reasons: dict[int, Reason], found: Shares, ties: Sequence[Tie]
) -> Iterator[Outcome]:
    tied = {number: tie.projects for tie in ties for number in tie.projects}
    for place, number in enumerate(order, start=1):
        said = part.outcome(number, place, reasons[number], funded=number in found.funded)
        yield replace(said, tied_with=tuple(other for other in tied.get(number, ()) if other != number))


def _reasons(part: Part, found: Shares, left: int) -> dict[int, Reason]:
    payments = {purchase.project: purchase.payment for purchase in found.purchases}
    reasons = {number: Reason(ReasonCode.BOUGHT, by=ceil(payment)) for number, payment in payments.items()}
    reasons |= {number: Reason(ReasonCode.FROM_THE_REST, left=left) for number in found.added}
    for one in part.running:
        if one.number not in reasons:
            reasons[one.number] = _why_not(part, one, found)
    return reasons


def _why_not(part: Part, one: Contender, found: Shares) -> Reason:
    if barred := part.why_barred(one.number) or part.why_shut_out(one.number):
        return barred
    together = floor(found.means[one.number])
    return Reason(ReasonCode.SHARES_SHORT, left=together, by=one.cost - together)


def _tie(part: Part, purchase: Purchase, found: Shares) -> Tie | None:
    """Return the tie if one of those that asked as little as the one bought got nothing in the end."""
    if not set(purchase.tied) - found.funded:
        return None
    known = {one.number: one for one in part.running}
    numbers = (purchase.project, *purchase.tied)
    scores = {part.score(number) for number in numbers}
    by = broken_by([known[purchase.project]], [known[n] for n in purchase.tied], part.rule.tie_break)
    return Tie(part.envelope, scores.pop() if len(scores) == 1 else None, numbers, by)
