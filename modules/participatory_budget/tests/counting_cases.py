"""Counts of approval ballots for tests, from votes alone or from the ballots."""

from collections import Counter

from ..rules import winners
from ..rules.ballots import BallotType
from ..rules.counting.counted import Counted
from ..rules.equal_shares import equal_shares as share
from ..rules.marks import as_choices
from ..rules.ties import TieBreak, tie_order


def approvals(votes, ballots=None):
    """Return what a count knows of these votes; without ballots as many voted as the most chosen project has."""
    number = max(votes.values(), default=0) if ballots is None else len(ballots)
    equal = Counter(tuple(ballot) for ballot in ballots or ())
    groups = {"groups": lambda: ((as_choices(one), times) for one, times in equal.items())}
    return Counted(BallotType.APPROVAL, number, 0, votes, votes, **(groups if ballots is not None else {}))


def decide(votes, contenders, rule, *, ballots=None, **how):
    """Decide approval ballots."""
    counted = approvals(votes, ballots() if ballots else None)
    return winners.decide(counted, contenders, rule, **{"seed": "a seed", **how})


def equal_shares(ballots, contenders, money, *, tie_break=TieBreak.CHEAPER_FIRST, **how):
    """Share money out among ballots."""
    return share(ballots, contenders, money, tie_order(contenders, tie_break), **how)
