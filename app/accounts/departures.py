"""Who deleted her account and must be known again when she comes back: she has voted in a vote that is open."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import Account
from app.accounts.privacy.models import Departure
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.ids import keyed_hash
from app.core.people import Holding


def id_for(address: str) -> UUID | None:
    """Return the id that somebody with this address had and gets again; None for nearly everybody.

    The row stays: an address that somebody else typed and never confirmed must not use it up.
    """
    taken = exists().where(Account.id == Departure.account_id)
    known = select(Departure.account_id).where(
        Departure.address == _hash(address), Departure.until > now(), ~taken
    )
    return db.session.scalar(known)


def remember(account_id: UUID, address: str, held: Iterable[Holding]) -> None:
    """Keep a hash of the address for as long as one of the holdings says; nothing when none does."""
    until = max(filter(None, (one.known_until(account_id) for one in held)), default=None)
    if until is None:
        return
    row = {"account_id": account_id, "until": until}
    statement = insert(Departure).values(address=_hash(address), **row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["address"], set_=row))


def _hash(address: str) -> bytes:
    return keyed_hash("accounts.departure", current_city().id.encode(), address.strip().lower().encode())
