"""Several contests of one vote, counted one after another: what one leaves feeds another, as Łódź does it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..outcomes import Decision, Rule
from ..ties import Contender
from ..winners import decide
from .counted import Counted
from .shares import Engine, share_out


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that one contest left and another got; in minor units."""

    contest: str
    """The key of the other contest."""
    amount: int


@dataclass(frozen=True, slots=True)
class ContestCount:
    """What the count of one contest begins with."""

    key: str
    counted: Counted
    contenders: Sequence[Contender]
    rule: Rule
    excluded: Mapping[int, str] = field(default_factory=dict)
    transfer_to: str | None = None
    """The key of the contest that gets what is left."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of one contest, with the money that moved."""

    key: str
    rule: Rule
    """With the money that came in: the rule by which the decision follows from the ballots."""
    decision: Decision
    received: tuple[Transfer, ...] = ()
    given: Transfer | None = None
    won_before: tuple[int, ...] = ()
    """Winners of contests counted before that exclude projects here."""


def decide_all(
    contests: Iterable[ContestCount], *, seed: str | None = None, engine: Engine = share_out
) -> tuple[Settled, ...]:
    """Decide contests in an order in which money only flows forward (`in_flow`).

    A project that won shuts out those that exclude it in every later contest. ValueError for money that would flow
    back, or to a contest that there is not.
    """
    waiting = list(contests)
    later = [contest.key for contest in waiting]
    inbox: dict[str, list[Transfer]] = {key: [] for key in later}
    won: set[int] = set()
    settled: list[Settled] = []
    for contest in waiting:
        later.remove(contest.key)
        received = tuple(inbox[contest.key])
        rule = replace(contest.rule, budget=contest.rule.budget + sum(one.amount for one in received))
        before = _rivals(contest, won)
        decision = decide(
            contest.counted,
            contest.contenders,
            rule,
            excluded=contest.excluded,
            seed=seed,
            won=before,
            engine=engine,
        )
        won.update(decision.funded)
        given = _given(contest, decision, rule, later)
        if given:
            inbox[given.contest].append(Transfer(contest.key, given.amount))
        settled.append(Settled(contest.key, rule, decision, received, given, before))
    return tuple(settled)


def in_flow(transfers: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the keys of contests such that each comes before the one that gets its money; {key: to or None}.

    As near to the given order as that allows. ValueError where money would flow in a circle or to a stranger.
    """
    if strangers := {to for to in transfers.values() if to is not None} - transfers.keys():
        raise ValueError(f"no such contest: {sorted(strangers)}")
    order: list[str] = []
    waiting = list(transfers)
    while waiting:
        ready = next((key for key in waiting if not any(transfers[one] == key for one in waiting)), None)
        if ready is None:
            raise ValueError("money would flow in a circle")
        order.append(ready)
        waiting.remove(ready)
    return tuple(order)


def _rivals(contest: ContestCount, won: Collection[int]) -> tuple[int, ...]:
    grouped = {number for group in contest.rule.exclusive for number in group}
    return tuple(sorted(grouped & set(won)))


def _given(contest: ContestCount, decision: Decision, rule: Rule, later: Collection[str]) -> Transfer | None:
    if contest.transfer_to is None:
        return None
    if contest.transfer_to not in later:
        raise ValueError(f"{contest.key!r} leaves its money to a contest that does not come after it")
    unassigned = max(0, rule.budget - sum(rule.envelopes.values())) if rule.envelopes else 0
    left = decision.left + (0 if rule.top_up else unassigned)
    return Transfer(contest.transfer_to, left) if left else None
