"""Pages for staff: prepare an edition, open and close the vote, count, publish."""

from . import (
    calendar,
    contests,
    districts,
    editions,
    ideas,
    feasibility,
    importing,
    moderation,
    monitor,
    moving,
    preparing,
    projects,
    realisation,
    results,
    sorting,
)
from .blueprint import bp

__all__ = [
    "bp",
    "calendar",
    "contests",
    "districts",
    "editions",
    "ideas",
    "feasibility",
    "importing",
    "moderation",
    "monitor",
    "moving",
    "preparing",
    "projects",
    "realisation",
    "results",
    "sorting",
]
