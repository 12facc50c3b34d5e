"""Who is voting in this browser."""

from app.sdk import current_account

from ..models import Edition
from ..services.voters import Voter, by_account


def voting_now(edition: Edition) -> Voter | None:
    """Return the voter at this browser; None for somebody who is not known."""
    account = current_account()
    return by_account(edition, account) if account is not None else None
