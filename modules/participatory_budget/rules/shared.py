"""One envelope handed out by the Method of Equal Shares, and what is to be said about every project in it."""

from collections.abc import Iterable, Sequence
from math import ceil, floor

from .equal_shares import Ballot, Purchase, Shares, equal_shares
from .outcomes import Decision, Outcome, Reason, ReasonCode, Rule, Spending
from .ties import Contender, Ranked, Tie, broken_by, in_order


def decide_by_shares(
    envelope: str, running: Sequence[Ranked], money: int, rule: Rule, ballots: Iterable[Ballot]
) -> Decision:
    """Share out `money` among the voters of the envelope; those funded come first, as they were bought.

    Projects with too few votes are not for sale; who named no other project has no share.
    """
    for_sale = [contender for contender, votes in running if votes >= max(1, rule.min_votes)]
    found = equal_shares(ballots, for_sale, money, completion=rule.completion, tie_break=rule.tie_break)
    left = money - sum(contender.cost for contender in for_sale if contender.number in found.funded)
    reasons = _reasons(found, running, rule, left)
    order = [*(purchase.project for purchase in found.purchases), *found.added]
    order += [
        one.number for one, _votes in in_order(running, rule.tie_break) if one.number not in found.funded
    ]
    votes = {contender.number: number for contender, number in running}
    ties = [tie for purchase in found.purchases if (tie := _tie(envelope, purchase, found, running, rule))]
    tied = {number: tie.projects for tie in ties for number in tie.projects}
    outcomes = tuple(
        Outcome(
            number,
            votes[number],
            place,
            number in found.funded,
            reasons[number],
            tuple(other for other in tied.get(number, ()) if other != number),
        )
        for place, number in enumerate(order, start=1)
    )
    return Decision(outcomes, (Spending(envelope, money, money - left),), tuple(ties))


def _reasons(found: Shares, running: Sequence[Ranked], rule: Rule, left: int) -> dict[int, Reason]:
    payments = {purchase.project: purchase.payment for purchase in found.purchases}
    reasons = {number: Reason(ReasonCode.BOUGHT, by=ceil(payment)) for number, payment in payments.items()}
    reasons |= {number: Reason(ReasonCode.FROM_THE_REST, left=left) for number in found.added}
    for contender, votes in running:
        if contender.number not in reasons:
            reasons[contender.number] = _why_not(contender, votes, found, rule)
    return reasons


def _why_not(contender: Contender, votes: int, found: Shares, rule: Rule) -> Reason:
    if votes < 1:
        return Reason(ReasonCode.NO_VOTES)
    if votes < rule.min_votes:
        return Reason(ReasonCode.BELOW_THRESHOLD, by=rule.min_votes - votes)
    together = floor(found.means[contender.number])
    return Reason(ReasonCode.SHARES_SHORT, left=together, by=contender.cost - together)


def _tie(
    envelope: str, purchase: Purchase, found: Shares, running: Sequence[Ranked], rule: Rule
) -> Tie | None:
    """Return the tie if one of those that asked as little as the one bought got nothing in the end."""
    if not set(purchase.tied) - found.funded:
        return None
    known = {contender.number: (contender, votes) for contender, votes in running}
    first, votes = known[purchase.project]
    lost = [known[number][0] for number in purchase.tied]
    return Tie(envelope, votes, (purchase.project, *purchase.tied), broken_by([first], lost, rule.tie_break))
