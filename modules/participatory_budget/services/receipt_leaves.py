"""The leaves of all receipts that are counted, and the one hash that stands for them."""

from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.sdk import db

from ..models import SealedReceipt
from ..rules.proof import merkle_root

CHUNK = 50_000
LEAF = 32


def root_of(edition_id: UUID) -> bytes | None:
    """Return the root over the leaves of all sealed receipts; None where there are none."""
    found = leaves(edition_id)
    first = next(found, None)
    return merkle_root(chain([first], found)) if first else None


def leaves(edition_id: UUID) -> Iterator[bytes]:
    """Yield the leaves of all receipts in rising order."""
    mine = select(SealedReceipt.leaf).where(SealedReceipt.edition_id == edition_id)
    last = b""
    while True:
        page = mine.where(SealedReceipt.leaf > last).order_by(SealedReceipt.leaf).limit(CHUNK).subquery()
        together = func.string_agg(page.c.leaf, aggregate_order_by(literal(b""), page.c.leaf))
        found = db.session.scalar(select(together)) or b""
        yield from (found[begin : begin + LEAF] for begin in range(0, len(found), LEAF))
        if len(found) < CHUNK * LEAF:
            return
        last = found[-LEAF:]
