"""Our engine on a `.pb` file, under the rules and orders among equals that the referee has."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from modules.participatory_budget.rules.ballots import BallotRule, BallotType
from modules.participatory_budget.rules.counting.counted import Counted, count_marks
from modules.participatory_budget.rules.equal_shares import Completion, equal_shares
from modules.participatory_budget.rules.outcomes import Method, Rule
from modules.participatory_budget.rules.pabulib.parts import PbHeader, VoteType
from modules.participatory_budget.rules.pabulib.reader import read
from modules.participatory_budget.rules.ties import Contender, TieBreak, tie_order
from modules.participatory_budget.rules.winners import decide

METHODS = {
    "greedy": Method.GREEDY_SKIP,
    "value": Method.VALUE,
    "phragmen": Method.PHRAGMEN,
    "optimum": Method.OPTIMUM,
}
COMPLETIONS = {
    "shares-none": Completion.NONE,
    "shares-add1": Completion.ADD1,
    "shares-add1-exhaustive": Completion.ADD1,
    "shares-add1u": Completion.ADD1U,
}


@dataclass(frozen=True)
class Election:
    """A file, read."""

    header: PbHeader
    counted: Counted
    contenders: tuple[Contender, ...]

    def names(self, numbers: list[int] | tuple[int, ...] | frozenset[int]) -> list[str]:
        """Return ids as the referee gives them."""
        return sorted(self.header.projects[number - 1].id for number in numbers)

    def score(self, names: list[str]) -> int:
        """Return what projects have together."""
        return sum(self.counted.scores[one.number] for one in self.header.projects if one.id in names)


def read_election(path: Path) -> Election:
    """Read a file; points with decimals are counted in their smallest part."""
    with path.open("rb") as stream:
        file = read(stream, allow_repeats=True)
        kept = [(ballot.choices, ballot.points) for ballot in file.ballots]
    header = file.header
    kind = _kind(header.vote_type)
    factor = max((_decimals(points) for _choices, all_points in kept for points in all_points), default=1)
    ballots = Counter(tuple(_marks(kind, choices, points, factor).items()) for choices, points in kept)
    numbers = [project.number for project in header.projects]
    rule = BallotRule(kind, max_choices=header.max_choices)
    counted = count_marks(kind, rule, ((dict(marks), n) for marks, n in ballots.items()), numbers)
    contenders = tuple(Contender(project.number, project.cost) for project in header.projects)
    return Election(header, counted, contenders)


def winners(election: Election, rule: str, ties: str) -> list[str]:
    """Return the ids of the winners under a rule of the referee."""
    if rule == "shares-add1-exhaustive":
        return election.names(_exhaustive(election, TieBreak(ties)))
    method = METHODS.get(rule, Method.EQUAL_SHARES)
    completion = COMPLETIONS.get(rule, Completion.NONE)
    law = Rule(election.header.budget, method=method, tie_break=TieBreak(ties), completion=completion)
    return election.names(decide(election.counted, election.contenders, law).funded)


def _exhaustive(election: Election, ties: TieBreak) -> frozenset[int]:
    """Ask the engine itself: the referee goes on while a project fits that nobody chose, as `decide` never does."""
    weighted = election.counted.kind is BallotType.POINTS
    ballots = (
        dict(marks) if weighted else tuple(marks)
        for marks, times in election.counted.groups()
        for _ in range(times)
    )
    order = tie_order(election.contenders, ties)
    found = equal_shares(
        ballots,
        election.contenders,
        election.header.budget,
        order,
        completion=Completion.ADD1,
        exhaustive_stop=True,
    )
    return found.funded


def _kind(vote_type: VoteType) -> BallotType:
    if vote_type.has_points:
        return BallotType.POINTS
    return BallotType.RANKED if vote_type is VoteType.ORDINAL else BallotType.APPROVAL


def _marks(
    kind: BallotType, choices: tuple[int, ...], points: tuple[Decimal, ...], factor: int
) -> dict[int, int]:
    """Return the marks of a ballot; one that names a project twice counts it once, as the referee does."""
    if kind is BallotType.POINTS:
        found = zip(choices, points, strict=True)
        return {number: int(amount * factor) for number, amount in sorted(found) if amount > 0}
    if kind is BallotType.RANKED:
        return {number: place for place, number in enumerate(dict.fromkeys(choices), start=1)}
    return dict.fromkeys(sorted(set(choices)), 1)


def _decimals(points: Decimal) -> int:
    exponent = points.normalize().as_tuple().exponent
    return 10 ** max(0, -int(exponent))
