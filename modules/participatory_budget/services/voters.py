"""Names under which voters stand on the roll and ballots lie in the box."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.sdk import Account, current_city, keyed_hash

from ..models import Edition


class Channel(StrEnum):
    """How a ballot came into the box."""

    WEB = "web"
    CODE = "code"
    """With a code instead of an account."""
    BOOTH = "booth"
    """On the web, at a polling place, with an officer who has seen who votes."""
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who may cast one ballot in one edition, whatever the channel.

    `name` is what stands on the roll, `seed` what the order of projects follows from; without an account the mail
    address, where there is one, gets the receipt.
    """

    name: bytes
    seed: bytes
    channel: Channel = Channel.WEB
    account: Account | None = None
    mail: str = ""
    language: str = ""


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


def by_account(edition: Edition, account: Account) -> Voter:
    """Return the voter who has signed in with an account."""
    return Voter(
        name=voter_of(edition, account),
        seed=order_seed(edition, account),
        account=account,
        mail=account.email,
        language=account.language or "",
    )
