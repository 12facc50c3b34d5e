"""The ballot log: the leaf of every receipt that was ever given out, in batches that are linked by hashes.

A leaf waits until the next batch is sealed, so that it lies in the log by the transaction, the time and the order
of its batch, and by none of its own (docs/decisions/0029-certified-counts.md).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel

from .edition import Edition


class WaitingLeaf(CityModel):
    """The leaf of a receipt that no batch has taken yet."""

    __tablename__ = "participatory_budget_log_waiting"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class LogEntry(CityModel):
    """The leaf of a receipt, in its batch; never changed, never deleted."""

    __tablename__ = "participatory_budget_log_entry"
    __table_args__ = (Index("ix_participatory_budget_log_entry_batch", "edition_id", "batch"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    batch: Mapped[int]


class LogBatch(CityModel):
    """A batch of the log, linked to the one before; never changed, never deleted."""

    __tablename__ = "participatory_budget_log_batch"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    leaves: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    # To the minute: what is in it was cast before.
    sealed_at: Mapped[datetime]
