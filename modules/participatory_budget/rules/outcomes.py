"""The rule of a count and what it says about every project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .equal_shares import Completion
from .ties import Tie, TieBreak


class Method(StrEnum):
    """How money is handed out: along the order of votes, or by the voters, each with an equal share."""

    GREEDY_SKIP = "greedy-skip"
    GREEDY_STOP = "greedy-stop"
    EQUAL_SHARES = "equal-shares"


class ReasonCode(StrEnum):
    """Why a project is funded or not."""

    FUNDED = "funded"
    OVER_LEFT = "over-left"
    AFTER_STOP = "after-stop"
    ABOVE_BUDGET = "above-budget"
    BELOW_THRESHOLD = "below-threshold"
    NO_VOTES = "no-votes"
    EXCLUDED = "excluded"
    BOUGHT = "bought"
    FROM_THE_REST = "from-the-rest"
    SHARES_SHORT = "shares-short"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with the numbers a sentence about it needs; money in minor units.

    FUNDED(left: after paying) · OVER_LEFT(left: when its turn came, by: what was missing) ·
    AFTER_STOP(left) · ABOVE_BUDGET(left: the whole envelope, by) · BELOW_THRESHOLD(by: votes missing) ·
    EXCLUDED(text) · BOUGHT(by: the most that one voter paid, rounded up) · FROM_THE_REST(left: after paying) ·
    SHARES_SHORT(left: what its supporters had together at the end, rounded down, by: what was missing).
    """

    code: ReasonCode
    left: int | None = None
    by: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of a count, fixed before the vote opens; money in minor units."""

    budget: int
    envelopes: Mapping[str, int] = field(default_factory=dict)
    """Money of each category; empty when all projects compete for the one budget."""
    method: Method = Method.GREEDY_SKIP
    tie_break: TieBreak = TieBreak.CHEAPER_FIRST
    min_votes: int = 1
    """Votes a project needs; a project that nobody chose is never funded."""
    completion: Completion = Completion.ADD1U
    """With equal shares: what becomes of money that no voters can spend together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the count says about one project."""

    project: int
    votes: int
    rank: int | None
    """Place in the order of its envelope, from 1; an excluded project has none."""
    funded: bool
    reason: Reason
    tied_with: tuple[int, ...] = ()
    """Projects with as many votes, when the tie order decided who of them is funded."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What became of one envelope; the name is empty for the one budget."""

    name: str
    money: int
    spent: int

    @property
    def left(self) -> int:
        """Return what nobody got."""
        return self.money - self.spent


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of a count: outcomes in the declared order of projects."""

    outcomes: tuple[Outcome, ...]
    spending: tuple[Spending, ...]
    ties: tuple[Tie, ...]

    @property
    def funded(self) -> tuple[int, ...]:
        """Return the numbers of the projects that get their money, in the declared order."""
        return tuple(outcome.project for outcome in self.outcomes if outcome.funded)
