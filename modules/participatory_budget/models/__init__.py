"""Tables of the participatory budget; every city has its own."""

from .ballot_log import LogBatch, LogEntry, WaitingLeaf
from .ballots import Ballot, Draft, RollEntry, Turnout
from .codes import Admission, PersonKey
from .count import Count, CountState, Failure
from .edition import Category, Contest, District, Edition, Project
from .feasibility import (
    CostEstimate,
    Criterion,
    CriterionAnswer,
    Department,
    DepartmentMember,
    DepartmentOpinion,
    Examination,
    IdeaAppeal,
    IdeaDecision,
    RefusalReason,
    TextConsent,
)
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
    "CostEstimate",
    "Count",
    "CountState",
    "Criterion",
    "CriterionAnswer",
    "Department",
    "DepartmentMember",
    "DepartmentOpinion",
    "District",
    "Draft",
    "Edition",
    "Examination",
    "Failure",
    "Idea",
    "IdeaAppeal",
    "IdeaAuthor",
    "IdeaComment",
    "IdeaDecision",
    "IdeaEvent",
    "IdeaFile",
    "IdeaReport",
    "IdeaSupport",
    "LogBatch",
    "LogEntry",
    "PersonKey",
    "Project",
    "ProjectIdea",
    "RefusalReason",
    "RollEntry",
    "SealedBallot",
    "SealedReceipt",
    "TextConsent",
    "Turnout",
    "WaitingLeaf",
]
