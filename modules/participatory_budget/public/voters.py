"""Who is voting in this browser."""

from ..models import Edition
from ..services.voters import Voter, current_voter


def voting_now(edition: Edition) -> Voter | None:
    """Return the voter at this browser; None for somebody who is not known."""
    return current_voter(edition)
