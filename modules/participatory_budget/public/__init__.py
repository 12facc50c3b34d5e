"""Pages for residents: editions and projects, the vote, the results, the check of a receipt."""

from . import (
    after_voting,
    choosing_district,
    codes,
    embeds,
    ideas,
    open_data,
    pages,
    realisation,
    receipts,
    results,
    review,
    rules,
    turnout,
    voting,
)
from .blueprint import bp

__all__ = [
    "after_voting",
    "bp",
    "choosing_district",
    "codes",
    "embeds",
    "ideas",
    "open_data",
    "pages",
    "realisation",
    "receipts",
    "results",
    "review",
    "rules",
    "turnout",
    "voting",
]
