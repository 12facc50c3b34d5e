"""The ballot box: voters enter it together, whoever closes it enters alone."""

from sqlalchemy import text

from app.sdk import Conflict, _, current_city, db

from ..models import Edition
from ..rules.phases import Phase
from .editions import phase


class VoteNotOpen(Conflict):
    """The vote has not been opened yet, or has closed."""


def must_be_open(edition: Edition) -> None:
    """Raise VoteNotOpen unless ballots can be cast at this moment."""
    found = phase(edition)
    if found is Phase.VOTING:
        return
    if found in (Phase.DRAFT, Phase.PUBLISHED):
        raise VoteNotOpen(_("The vote has not been opened yet."))
    raise VoteNotOpen(_("The vote has closed. What you had chosen and not confirmed is not counted."))


def enter_open_box(edition: Edition) -> None:
    """Keep the vote from being closed until the transaction ends; raises VoteNotOpen when it has been."""
    # Whoever comes after the close does not wait while the ballots are sealed.
    must_be_open(edition)
    _lock("pg_advisory_xact_lock_shared", edition)
    db.session.refresh(edition)
    must_be_open(edition)


def enter_box_shared(edition: Edition) -> None:
    """Keep the ballots from being sealed until the transaction ends; says nothing of whether the vote is open."""
    _lock("pg_advisory_xact_lock_shared", edition)


def enter_box_alone(edition: Edition) -> None:
    """Wait until every ballot on its way is in the box and keep others out until the transaction ends."""
    _lock("pg_advisory_xact_lock", edition)


def _lock(kind: str, edition: Edition) -> None:
    box = f"participatory_budget box {current_city().id} {edition.id}"
    db.session.execute(text(f"SELECT {kind}(hashtextextended(:box, 0))"), {"box": box})
