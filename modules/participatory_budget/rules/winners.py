"""Who gets the money: greedy approval, the rule most European cities have written into their regulations, or Equal Shares.

Projects are taken in the order of their votes. GREEDY_SKIP gives a project its money when it still fits and
otherwise goes on to the next (Warsaw, Łódź, Kraków; `greedy` at pabulib.org/format). GREEDY_STOP ends at the
first project that does not fit (Wrocław, Gdynia; `greedy-no-skip`). Where an edition has envelopes, every
category is decided alone, with its own money. Excluded projects, and those with too few votes, are not in
the order: they get nothing and block nobody. EQUAL_SHARES is `shared`'s.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from .equal_shares import Ballot
from .outcomes import Decision, Method, Outcome, Reason, ReasonCode, Rule, Spending
from .shared import decide_by_shares
from .ties import Contender, Ranked, Tie, broken_by, groups_of_equals, in_order, is_decisive


def decide(
    votes: Mapping[int, int],
    contenders: Sequence[Contender],
    rule: Rule,
    *,
    excluded: Mapping[int, str] | None = None,
    ballots: Callable[[], Iterable[Ballot]] | None = None,
) -> Decision:
    """Hand out the money; `contenders` stand in the declared order, which is the last word in a tie.

    `excluded` gives the reason for each project taken out of the count. With EQUAL_SHARES `ballots` gives the ballots
    themselves, once for each envelope; a TypeError means that they are missing. A KeyError means that the parts do
    not belong together: a contender without an entry in `votes` or in a category without an envelope, an
    exclusion of somebody who does not stand.
    """
    out = excluded or {}
    if strangers := out.keys() - {contender.number for contender in contenders}:
        raise KeyError(f"excluded, but not on the ballot paper: {sorted(strangers)}")
    parts = [
        _decide_part(name, _running(votes, members, out), rule, ballots)
        for name, members in _by_envelope(contenders, rule).items()
    ]
    found = {outcome.project: outcome for part in parts for outcome in part.outcomes}
    for contender in contenders:
        if contender.number in out:
            reason = Reason(ReasonCode.EXCLUDED, text=out[contender.number])
            found[contender.number] = Outcome(contender.number, votes[contender.number], None, False, reason)
    return Decision(
        tuple(found[contender.number] for contender in contenders),
        tuple(spending for part in parts for spending in part.spending),
        tuple(tie for part in parts for tie in part.ties),
    )


def _by_envelope(contenders: Iterable[Contender], rule: Rule) -> dict[str, list[Contender]]:
    if not rule.envelopes:
        return {"": list(contenders)}
    envelopes: dict[str, list[Contender]] = {name: [] for name in rule.envelopes}
    for contender in contenders:
        envelopes[contender.envelope].append(contender)
    return envelopes


def _running(votes: Mapping[int, int], members: Iterable[Contender], out: Mapping[int, str]) -> list[Ranked]:
    return [(member, votes[member.number]) for member in members if member.number not in out]


def _decide_part(
    name: str, running: Sequence[Ranked], rule: Rule, ballots: Callable[[], Iterable[Ballot]] | None
) -> Decision:
    money = rule.envelopes[name] if rule.envelopes else rule.budget
    if rule.method is not Method.EQUAL_SHARES:
        return _decide_greedily(name, running, money, rule)
    if ballots is None:
        raise TypeError("equal shares are decided by the ballots, not by the votes alone")
    return decide_by_shares(name, running, money, rule, ballots())


def _decide_greedily(name: str, running: Sequence[Ranked], money: int, rule: Rule) -> Decision:
    purse = _Purse(money, rule)
    outcomes: list[Outcome] = []
    ties: list[Tie] = []
    for votes, equals in groups_of_equals(in_order(running, rule.tie_break)):
        reasons, tie = _decide_equals(name, equals, votes, purse)
        ties += [tie] if tie else []
        for contender, reason in zip(equals, reasons, strict=True):
            number, paid = contender.number, reason.code is ReasonCode.FUNDED
            others = tuple(other for other in tie.projects if other != number) if tie else ()
            outcomes.append(Outcome(number, votes, len(outcomes) + 1, paid, reason, others))
    return Decision(tuple(outcomes), (Spending(name, money, money - purse.left),), tuple(ties))


def _decide_equals(
    envelope: str, equals: Sequence[Contender], votes: int, purse: "_Purse"
) -> tuple[list[Reason], Tie | None]:
    """Pay projects with equal votes, and return the tie when their order decided who gets money."""
    left, counts = purse.left, purse.may_pay(votes)
    reasons = [purse.pay(contender.cost, votes) for contender in equals]
    paid = [reason.code is ReasonCode.FUNDED for reason in reasons]
    won = [contender for contender, funded in zip(equals, paid, strict=True) if funded]
    lost = [contender for contender, funded in zip(equals, paid, strict=True) if not funded]
    if not counts or not is_decisive(won, lost, left, stopped=purse.stopped):
        return reasons, None
    numbers = tuple(contender.number for contender in equals)
    return reasons, Tie(envelope, votes, numbers, broken_by(won, lost, purse.rule.tie_break))


class _Purse:
    """The money of one envelope, handed out project by project."""

    def __init__(self, money: int, rule: Rule) -> None:
        self.money = self.left = money
        self.rule = rule
        self.stopped = False

    def may_pay(self, votes: int) -> bool:
        """Tell whether a project with so many votes can be funded if it fits."""
        return not self.stopped and votes >= max(1, self.rule.min_votes)

    def pay(self, cost: int, votes: int) -> Reason:
        """Give the next project its money, or say why not."""
        if votes < 1:
            return Reason(ReasonCode.NO_VOTES)
        if votes < self.rule.min_votes:
            return Reason(ReasonCode.BELOW_THRESHOLD, by=self.rule.min_votes - votes)
        if self.stopped:
            return Reason(ReasonCode.AFTER_STOP, left=self.left)
        if cost <= self.left:
            self.left -= cost
            return Reason(ReasonCode.FUNDED, left=self.left)
        self.stopped = self.rule.method is Method.GREEDY_STOP
        if cost > self.money:
            return Reason(ReasonCode.ABOVE_BUDGET, left=self.money, by=cost - self.money)
        return Reason(ReasonCode.OVER_LEFT, left=self.left, by=cost - self.left)
