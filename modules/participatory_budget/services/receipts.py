"""What became of the ballot behind a receipt code; anybody may ask, and learns nothing of what was chosen."""

from enum import StrEnum

from sqlalchemy import select

from app.sdk import db

from ..models import Ballot, Edition, SealedReceipt
from ..rules import proof


class Fate(StrEnum):
    """Where the ballot behind a code is."""

    IN_BOX = "in-box"
    SEALED = "sealed"
    COUNTED = "counted"
    UNKNOWN = "unknown"


def fate_of(edition: Edition, code: str) -> Fate:
    """Return where the ballot behind a code is; raises ReceiptError for a text that cannot be a code.

    The code of a ballot that was changed later is unknown: only the last one counts.
    """
    leaf = proof.leaf(code)
    if edition.sealed_at is None:
        mine = select(Ballot.version).where(Ballot.edition_id == edition.id, Ballot.leaf == leaf)
        return Fate.UNKNOWN if db.session.scalar(mine) is None else Fate.IN_BOX
    if db.session.get(SealedReceipt, (edition.id, leaf)) is None:
        return Fate.UNKNOWN
    return Fate.COUNTED if edition.published_at else Fate.SEALED


def has_receipts(edition: Edition) -> bool:
    """Tell whether ballots of this edition have codes; those that were imported have none."""
    return not edition.imported
