"""Names under which voters stand on the roll and ballots lie in the box."""

from dataclasses import dataclass
from uuid import UUID

from app.sdk import Account, Statement, current_account, current_city, keyed_hash

from ..models import Edition
from ..rules.ways import Channel, Way, read_access
from .admissions import Key, admitted

__all__ = [
    "Channel",
    "Voter",
    "by_account",
    "current_voter",
    "order_seed",
    "slot_of",
    "voter_called",
    "voter_of",
]


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who may cast one ballot in one edition, whatever the channel.

    `name` is what stands on the roll, `seed` what the order of projects follows from; without an account the mail
    address, where there is one, gets the receipt, or the telephone. `statements` are what she said about herself or
    an officer has seen; of an account the platform knows them. `keys` are what nobody else who votes can have.
    """

    name: bytes
    seed: bytes
    channel: Channel = Channel.WEB
    account: Account | None = None
    mail: str = ""
    language: str = ""
    phone: str = ""
    statements: tuple[Statement, ...] = ()
    keys: tuple[Key, ...] = ()


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


def current_voter(edition: Edition) -> Voter | None:
    """Return who votes in this browser: by the account that has signed in, else by a code; None for nobody known."""
    account = current_account()
    if account is not None and read_access(edition.voting_ways).has(Way.ACCOUNT):
        return by_account(edition, account)
    found = admitted(edition)
    if found is None:
        return None
    return Voter(
        name=found.voter,
        seed=keyed_hash("participatory_budget.order", edition.id.bytes, found.voter),
        channel=found.channel,
        mail=found.mail,
        phone=found.phone,
        language=found.language,
        statements=found.statements,
        keys=found.keys,
    )
