"""Pages for residents: editions and projects, the vote, the results, the check of a receipt."""

from . import pages, receipts, results, voting
from .blueprint import bp

__all__ = ["bp", "pages", "receipts", "results", "voting"]
