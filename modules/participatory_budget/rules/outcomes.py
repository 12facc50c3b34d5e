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
    VALUE = "value"
    """Greedy along votes for each unit of money."""
    EQUAL_SHARES = "equal-shares"
    PHRAGMEN = "phragmen"
    OPTIMUM = "optimum"
    """The set of projects with the highest total score that the money pays for."""
    MAJORITY_JUDGEMENT = "majority-judgement"


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
    WITHIN_TOLERANCE = "within-tolerance"
    FROM_LEFTOVERS = "from-leftovers"
    RIVAL_WON = "rival-won"
    ENOUGH_WINNERS = "enough-winners"
    EARNED = "earned"
    IN_BEST_SET = "in-best-set"
    NOT_IN_BEST_SET = "not-in-best-set"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with the numbers a sentence about it needs; money in minor units.

    FUNDED(left: after paying) · OVER_LEFT(left: when its turn came, by: what was missing) ·
    AFTER_STOP(left) · ABOVE_BUDGET(left: the whole envelope, by) · BELOW_THRESHOLD(by: votes or points missing) ·
    EXCLUDED(text) · BOUGHT(by: the most that one voter paid, rounded up) · FROM_THE_REST(left: after paying) ·
    SHARES_SHORT(left: what its supporters had together at the end, rounded down, by: what was missing) ·
    WITHIN_TOLERANCE(left: what was there for it, by: what is added from elsewhere) ·
    FROM_LEFTOVERS(left: of what the envelopes left, after paying) · RIVAL_WON(other: the one of its group that won) ·
    ENOUGH_WINNERS(by: how many can win) · EARNED(by: what each voter had earned until then, rounded up) ·
    IN_BEST_SET(by: how many points less the best set without it has) ·
    NOT_IN_BEST_SET(by: how many points less the best set with it has).
    """

    code: ReasonCode
    left: int | None = None
    by: int | None = None
    text: str = ""
    other: int | None = None
    """The number of another project."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of a count, fixed before the vote opens; money in minor units."""

    budget: int
    envelopes: Mapping[str, int] = field(default_factory=dict)
    """Money of each category; empty when all projects compete for the one budget."""
    method: Method = Method.GREEDY_SKIP
    tie_break: TieBreak = TieBreak.CHEAPER_FIRST
    min_votes: int = 1
    """Votes, or points where voters give points, that a project needs; one that nobody chose is never funded."""
    completion: Completion = Completion.ADD1U
    """With equal shares: what becomes of money that no voters can spend together."""
    step: int | None = None
    """With Add1: by how much each share is raised, in minor units; a hundredth of the first share where none is said."""
    exhaustive_stop: bool = False
    """With Add1: whether it ends as soon as nothing more fits."""
    comparison: bool = False
    """With equal shares: greedy instead, when strictly more voters have more projects of theirs under it."""
    min_share: int | None = None
    """Votes a project needs in tenths of a percent of the ballots that name a project, rounded up."""
    max_winners: int | None = None
    """How many projects can win at most, in each envelope before a top-up, whatever money is left."""
    exclusive: tuple[tuple[int, ...], ...] = ()
    """Groups of projects of which only one can win; of other contests too, which are counted before."""
    top_up: bool = False
    """With envelopes: what they leave, and what the budget is more than they, goes along one order to what fits."""
    stop_tolerance: int | None = None
    """With GREEDY_STOP: percent of its cost that must be left for the project at which the count stops to win."""


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
    score: int | None = None
    """What it has in all, votes or points; None with grades."""
    grades: tuple[int, ...] = ()
    """How often it was given each grade, the lowest first."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What became of one envelope; the name is empty for the one budget, and for what all envelopes left together."""

    name: str
    money: int
    spent: int
    added: int = 0
    """What came from elsewhere, for the project at which the count stopped."""
    passed_on: int = 0
    """What was left and is handed out anew with what the other envelopes left."""

    @property
    def left(self) -> int:
        """Return what nobody got."""
        return self.money + self.added - self.spent - self.passed_on


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many voters have more projects of theirs under Equal Shares, and how many under greedy."""

    envelope: str
    for_shares: int
    for_greedy: int

    @property
    def greedy_stands(self) -> bool:
        """Tell whether strictly more voters are better off under greedy."""
        return self.for_greedy > self.for_shares


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of a count: outcomes in the declared order of projects."""

    outcomes: tuple[Outcome, ...]
    spending: tuple[Spending, ...]
    ties: tuple[Tie, ...]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def left(self) -> int:
        """Return what nobody got, all envelopes together."""
        return sum(spending.left for spending in self.spending)

    @property
    def funded(self) -> tuple[int, ...]:
        """Return the numbers of the projects that get their money, in the declared order."""
        return tuple(outcome.project for outcome in self.outcomes if outcome.funded)
