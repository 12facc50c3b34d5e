"""Names under which voters stand on the roll and ballots lie in the box."""

from uuid import UUID

from app.sdk import Account, current_city, keyed_hash

from ..models import Edition


def voter_of(edition: Edition, account: Account) -> bytes:
    """Return the name of a person on the roll of this edition, of no use for another."""
    return voter_called(edition, account.id)


def voter_called(edition: Edition, account_id: UUID) -> bytes:
    """Return the name on the roll of whoever has this account."""
    return keyed_hash(
        "participatory_budget.voter", current_city().id.encode(), edition.id.bytes, account_id.bytes
    )


def slot_of(edition: Edition, voter: bytes) -> bytes:
    """Return where a voter's ballot lies; needs the salt, which sealing destroys."""
    if edition.slot_salt is None:
        raise LookupError("the edition is sealed")
    return keyed_hash("participatory_budget.slot", edition.slot_salt, voter)


def order_seed(edition: Edition, account: Account) -> bytes:
    """Return what the order of projects follows from for this person, on every device she uses."""
    return keyed_hash("participatory_budget.order", edition.id.bytes, account.id.bytes)
