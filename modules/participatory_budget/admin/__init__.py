"""Pages for staff: prepare an edition, open and close the vote, count, publish."""

from . import districts, editions, importing, moving, preparing, projects, results, sorting
from .blueprint import bp

__all__ = [
    "bp",
    "districts",
    "editions",
    "importing",
    "moving",
    "preparing",
    "projects",
    "results",
    "sorting",
]
