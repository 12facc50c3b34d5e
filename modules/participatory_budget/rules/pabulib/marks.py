"""Marks as a `.pb` file writes them: approvals and rankings as lists of projects, points and grades beside them.

The format has no majority judgement. Grades stand as the points of a cumulative vote, 1 for the lowest, and the key
`grades` of META names them in this order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from ..ballots import BallotRule, BallotType
from ..marks import Marks
from .parts import PbBallot, VoteType

GRADES = "grades"


def vote_type_of(rule: BallotRule) -> VoteType:
    """Return the type of vote that a file declares for ballots under a rule."""
    match rule.type:
        case BallotType.RANKED:
            return VoteType.ORDINAL
        case BallotType.POINTS | BallotType.JUDGEMENT:
            return VoteType.CUMULATIVE
        case BallotType.APPROVAL if rule.max_choices == 1:
            return VoteType.CHOOSE_1
        case _:
            return VoteType.APPROVAL


def kind_of(vote_type: VoteType, meta: Mapping[str, str]) -> BallotType:
    """Return how voters marked projects in a file."""
    if meta.get(GRADES) and vote_type.has_points:
        return BallotType.JUDGEMENT
    if vote_type is VoteType.ORDINAL:
        return BallotType.RANKED
    return BallotType.POINTS if vote_type.has_points else BallotType.APPROVAL


def grades_meta(rule: BallotRule) -> dict[str, str]:
    """Return what META says beside the type of vote: the grades, the lowest first."""
    return {GRADES: ",".join(rule.grades)} if rule.type is BallotType.JUDGEMENT else {}


def anonymous_marks(kind: BallotType, ballots: Iterable[Marks], numbers: Sequence[int]) -> Iterator[PbBallot]:
    """Return ballots for publication, voters numbered in the given order; `numbers` are the projects of the file.

    Give them sorted by their stored bytes: an order that says nothing of who voted when.
    """
    places = {number: place for place, number in enumerate(numbers, start=1)}
    points = {BallotType.POINTS, BallotType.JUDGEMENT}
    for voter, marks in enumerate(ballots, start=1):
        named = sorted(marks, key=lambda n: (marks[n], n)) if kind is BallotType.RANKED else sorted(marks)
        choices = tuple(places[number] for number in named)
        given = tuple(Decimal(marks[number]) for number in named) if kind in points else ()
        yield PbBallot(str(voter), choices, given)


def marks_of(ballot: PbBallot, kind: BallotType, numbers: Sequence[int]) -> dict[int, int]:
    """Return the marks of a ballot in a file; ValueError for points that are no whole numbers."""
    named = [numbers[place - 1] for place in ballot.choices]
    if kind is BallotType.RANKED:
        return {number: place for place, number in enumerate(named, start=1)}
    if kind not in (BallotType.POINTS, BallotType.JUDGEMENT):
        return dict.fromkeys(named, 1)
    if any(points != points.to_integral_value() for points in ballot.points):
        raise ValueError(f"voter {ballot.voter} gives parts of a point")
    return {number: int(points) for number, points in zip(named, ballot.points, strict=True)}
