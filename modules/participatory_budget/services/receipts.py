"""What became of the ballot behind a receipt code; anybody may ask, and learns nothing of what was chosen."""

from enum import StrEnum

from sqlalchemy import select

from app.sdk import db

from ..models import Ballot, Edition, SealedReceipt
from ..rules import proof
from . import ballot_log


class Fate(StrEnum):
    """Where the ballot behind a code is."""

    IN_BOX = "in-box"
    SEALED = "sealed"
    COUNTED = "counted"
    REPLACED = "replaced"
    """Its voter has changed or withdrawn it: it is not counted, and stays in the log."""
    UNKNOWN = "unknown"


def fate_of(edition: Edition, code: str) -> Fate:
    """Return where the ballot behind a code is; raises ReceiptError for a text that cannot be a code."""
    leaf = proof.leaf(code)
    if _is_final(edition, leaf):
        if edition.sealed_at is None:
            return Fate.IN_BOX
        return Fate.COUNTED if edition.published_at else Fate.SEALED
    return Fate.REPLACED if ballot_log.has(edition, leaf) else Fate.UNKNOWN


def has_receipts(edition: Edition) -> bool:
    """Tell whether ballots of this edition have codes; those that were imported have none."""
    return not edition.imported


def _is_final(edition: Edition, leaf: bytes) -> bool:
    """Tell whether the ballot lies in the box, or lay in it when it was closed."""
    if edition.sealed_at is not None:
        return db.session.get(SealedReceipt, (edition.id, leaf)) is not None
    mine = select(Ballot.version).where(Ballot.edition_id == edition.id, Ballot.leaf == leaf)
    return db.session.scalar(mine) is not None
