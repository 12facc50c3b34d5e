"""Tables of the participatory budget; every city has its own."""

from .ballot_log import LogBatch, LogEntry, WaitingLeaf
from .ballots import Ballot, Draft, RollEntry, Turnout
from .codes import Admission, PersonKey
from .count import Count, CountState, Failure
from .edition import Category, Contest, District, Edition, Project
from .ideas import (
    Idea,
    IdeaAuthor,
    IdeaComment,
    IdeaEvent,
    IdeaFile,
    IdeaReport,
    IdeaSupport,
    ProjectIdea,
)
from .sealed import SealedBallot, SealedReceipt

__all__ = [
    "Admission",
    "Ballot",
    "Category",
    "Contest",
    "Count",
    "CountState",
    "District",
    "Draft",
    "Edition",
    "Failure",
    "Idea",
    "IdeaAuthor",
    "IdeaComment",
    "IdeaEvent",
    "IdeaFile",
    "IdeaReport",
    "IdeaSupport",
    "LogBatch",
    "LogEntry",
    "PersonKey",
    "Project",
    "ProjectIdea",
    "RollEntry",
    "SealedBallot",
    "SealedReceipt",
    "Turnout",
    "WaitingLeaf",
]
