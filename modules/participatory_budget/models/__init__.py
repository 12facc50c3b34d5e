"""Tables of the participatory budget; every city has its own."""

from .ballots import Ballot, Draft, RollEntry, SealedBallot, SealedReceipt, Turnout
from .count import Count, CountState, Failure
from .edition import Category, District, Edition, Project

__all__ = [
    "Ballot",
    "Category",
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
