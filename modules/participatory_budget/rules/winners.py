"""Who gets the money of one contest: every rule in one call.

Where an edition has envelopes, every category is decided alone, with its own money, in the order in which the rule
names them. Excluded projects, and those with too few votes, get nothing and block nobody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .ballots import BallotType
from .counting.counted import Counted
from .counting.greedy import hand_out, in_order
from .counting.optimum import decide_by_optimum
from .counting.part import Part, outcome_of
from .counting.phragmen import decide_by_phragmen
from .counting.places import Places
from .counting.shares import Engine, decide_by_shares, share_out
from .outcomes import Decision, Method, Outcome, Reason, ReasonCode, Rule
from .ties import Contender, TieOrder, tie_order

_ASK_FOR_BALLOTS = (Method.EQUAL_SHARES, Method.PHRAGMEN)
_SETS = (BallotType.APPROVAL, BallotType.KNAPSACK)


def fits(method: Method, kind: BallotType) -> bool:
    """Tell whether a rule can count ballots of a type: grades have no sum, and Phragmén knows no points."""
    if kind is BallotType.JUDGEMENT or method is Method.MAJORITY_JUDGEMENT:
        return kind is BallotType.JUDGEMENT and method is Method.MAJORITY_JUDGEMENT
    return method is not Method.PHRAGMEN or kind in _SETS


def asks_for_ballots(method: Method) -> bool:
    """Tell whether a rule is decided by the ballots themselves, and not by their sums."""
    return method in _ASK_FOR_BALLOTS


def decide(
    counted: Counted,
    contenders: Sequence[Contender],
    rule: Rule,
    *,
    excluded: Mapping[int, str] | None = None,
    seed: str | None = None,
    won: Collection[int] = (),
    engine: Engine = share_out,
) -> Decision:
    """Hand out the money; `contenders` stand in the declared order, which is the last word in a tie.

    `excluded` gives the reason for each project taken out of the count; `seed` draws the lots, where ties are broken
    so; `won` are winners of contests counted before, which shut out those that cannot win beside them. A KeyError
    means that the parts do not belong together: a contender without an entry in the sums or in a category without an
    envelope, an exclusion of somebody who does not stand. A ValueError means that the rule cannot count these ballots.
    """
    out = excluded or {}
    if strangers := out.keys() - {contender.number for contender in contenders}:
        raise KeyError(f"excluded, but not on the ballot paper: {sorted(strangers)}")
    if not fits(rule.method, counted.kind):
        raise ValueError(f"{rule.method} does not count ballots of the type {counted.kind}")
    case = _Case(counted, rule, tie_order(contenders, rule.tie_break, seed), engine)
    parts: list[Decision] = []
    taken = set(won)
    for name, members in _by_envelope(contenders, rule).items():
        running = [one for one in members if one.number not in out]
        parts.append(case.decide(name, running, taken))
        taken.update(parts[-1].funded)
    found = {outcome.project: outcome for part in parts for outcome in part.outcomes}
    for number, why in out.items():
        found[number] = outcome_of(counted, number, None, Reason(ReasonCode.EXCLUDED, text=why))
    decision = Decision(
        tuple(found[contender.number] for contender in contenders),
        tuple(spending for part in parts for spending in part.spending),
        tuple(tie for part in parts for tie in part.ties),
        tuple(comparison for part in parts for comparison in part.comparisons),
    )
    return case.top_up(decision, contenders, taken) if rule.top_up and rule.envelopes else decision


def _by_envelope(contenders: Iterable[Contender], rule: Rule) -> dict[str, list[Contender]]:
    if not rule.envelopes:
        return {"": list(contenders)}
    envelopes: dict[str, list[Contender]] = {name: [] for name in rule.envelopes}
    for contender in contenders:
        envelopes[contender.envelope].append(contender)
    return envelopes


@dataclass(frozen=True, slots=True)
class _Case:
    """What all envelopes of a contest have in common."""

    counted: Counted
    rule: Rule
    ties: TieOrder
    engine: Engine

    def decide(self, name: str, running: Sequence[Contender], won: Collection[int]) -> Decision:
        """Hand out the money of one envelope."""
        money = self.rule.envelopes[name] if self.rule.envelopes else self.rule.budget
        part = self._part(name, running, money, won)
        match self.rule.method:
            case Method.EQUAL_SHARES:
                return decide_by_shares(part, self.engine)
            case Method.PHRAGMEN:
                return decide_by_phragmen(part)
            case Method.OPTIMUM:
                return decide_by_optimum(part)
            case method:
                return hand_out(part, in_order(part, method))

    def top_up(self, decision: Decision, contenders: Sequence[Contender], won: Collection[int]) -> Decision:
        """Give what the envelopes left, and what the budget is more than they, to further projects that fit."""
        beyond = max(0, self.rule.budget - sum(self.rule.envelopes.values()))
        pot = decision.left + beyond
        losers = {
            outcome.project
            for outcome in decision.outcomes
            if not outcome.funded and outcome.reason.code not in _STAYS_OUT
        }
        running = [contender for contender in contenders if contender.number in losers]
        rule = replace(self.rule, method=_top_up_method(self.rule.method), max_winners=None)
        part = Part("", running, pot, self.counted, rule, self.ties, Places(rule.exclusive, None, won))
        found = hand_out(part, in_order(part, rule.method))
        second = {outcome.project: outcome for outcome in found.outcomes}
        return Decision(
            tuple(_topped_up(outcome, second.get(outcome.project)) for outcome in decision.outcomes),
            (*(replace(one, passed_on=one.left) for one in decision.spending), *found.spending),
            (*decision.ties, *found.ties),
            decision.comparisons,
        )

    def _part(self, name: str, running: Sequence[Contender], money: int, won: Collection[int]) -> Part:
        places = Places(self.rule.exclusive, self.rule.max_winners, won)
        return Part(name, running, money, self.counted, self.rule, self.ties, places)


_STAYS_OUT = (
    ReasonCode.EXCLUDED,
    ReasonCode.NO_VOTES,
    ReasonCode.BELOW_THRESHOLD,
    ReasonCode.ENOUGH_WINNERS,
)


def _top_up_method(method: Method) -> Method:
    return method if method in (Method.VALUE, Method.MAJORITY_JUDGEMENT) else Method.GREEDY_SKIP


def _topped_up(first: Outcome, second: Outcome | None) -> Outcome:
    """Return what is said of a project after the second hand-out; a loser keeps its first reason."""
    if second is None:
        return first
    tied = tuple(dict.fromkeys((*first.tied_with, *second.tied_with)))
    if not second.funded:
        return replace(first, tied_with=tied)
    reason = replace(second.reason, code=ReasonCode.FROM_LEFTOVERS)
    return replace(first, funded=True, reason=reason, tied_with=tied)
