"""Pages for staff: prepare an edition, open and close the vote, count, publish."""

from . import (
    calendar,
    contests,
    districts,
    editions,
    feasibility,
    ideas,
    importing,
    moderation,
    monitor,
    moving,
    preparing,
    projects,
    realisation,
    results,
    sorting,
    versions,
)
from .blueprint import bp

__all__ = [
    "bp",
    "calendar",
    "contests",
    "districts",
    "editions",
    "feasibility",
    "ideas",
    "importing",
    "moderation",
    "monitor",
    "moving",
    "preparing",
    "projects",
    "realisation",
    "results",
    "sorting",
    "versions",
]
