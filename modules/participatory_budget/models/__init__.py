"""Tables of the participatory budget; every city has its own."""

from .ballots import Ballot, Draft, RollEntry, Turnout
from .count import Count, CountState, Failure
from .edition import Category, Contest, District, Edition, Project
from .sealed import SealedBallot, SealedReceipt

__all__ = [
    "Ballot",
    "Category",
    "Contest",
    "Count",
    "CountState",
    "District",
    "Draft",
    "Edition",
    "Failure",
    "Project",
    "RollEntry",
    "SealedBallot",
    "SealedReceipt",
    "Turnout",
]
