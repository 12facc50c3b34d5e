"""Ballots on paper and polling places: who voted stands apart from what was voted.

A batch is a pile of ballots from one place. Who voted in it is keyed from signed slips; what was voted is keyed
twice from the ballots, by two people. Nothing but the numbers of a batch connects the two.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, Personal, impersonal, new_id, personal

from .edition import Edition


class Station(CityModel):
    """A place where people vote: on a screen, on paper, or both."""

    __tablename__ = "participatory_budget_station"
    __table_args__ = (
        # Two people close a place.
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> closed_by", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120), info=impersonal())
    address: Mapped[str] = mapped_column(String(200), default="", info=impersonal())
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    confirmed_by: Mapped[UUID | None]


class StationOfficer(CityModel):
    """Somebody of the staff works at a polling place."""

    __tablename__ = "participatory_budget_station_officer"

    station_id: Mapped[UUID] = mapped_column(ForeignKey(Station.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)


class Happening(StrEnum):
    """What is written into the journal of a polling place."""

    OPENED = "opened"
    SEALS = "seals"
    INCIDENT = "incident"
    COUNTED = "counted"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    CORRECTION = "correction"


class JournalEntry(CityModel):
    """One line of the journal of a polling place; lines are never changed, a correction is another line."""

    __tablename__ = "participatory_budget_journal"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    station_id: Mapped[UUID] = mapped_column(ForeignKey(Station.id, ondelete="CASCADE"), index=True)
    what: Mapped[Happening]
    words: Mapped[str] = mapped_column(String(1000), default="", info=personal(Personal.WORDS))
    number: Mapped[int | None]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class BatchState(StrEnum):
    """How far a batch of ballots on paper has come."""

    SLIPS = "slips"
    """Who voted is being entered; the envelopes are closed."""
    KEYING = "keying"
    """The ballots are being keyed, twice."""
    IN_BOX = "in_box"
    """Its ballots lie in the ballot box."""
    VOID = "void"
    """Nothing of it counts."""


class PaperBatch(CityModel):
    """A pile of ballots on paper from one place or from the post."""

    __tablename__ = "participatory_budget_paper_batch"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("declared IS NULL OR declared >= 0", name="declared"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    number: Mapped[int]
    station_id: Mapped[UUID | None] = mapped_column(ForeignKey(Station.id, ondelete="RESTRICT"), index=True)
    # Ballots that lie open in an urn cannot be set aside one by one; those in envelopes can.
    in_envelopes: Mapped[bool]
    district: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    state: Mapped[BatchState] = mapped_column(default=BatchState.SLIPS)
    printed: Mapped[int] = mapped_column(default=0)
    declared: Mapped[int | None]
    missing_reason: Mapped[str] = mapped_column(String(300), default="", info=personal(Personal.WORDS))
    # What was put into the box, and what was not, by reason.
    put: Mapped[int] = mapped_column(default=0)
    invalid: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, info=impersonal())
    void_reason: Mapped[str] = mapped_column(String(300), default="", info=personal(Personal.WORDS))
    made_at: Mapped[datetime]
    put_at: Mapped[datetime | None]


class PaperSlip(CityModel):
    """That somebody voted on paper, or why her envelope was set aside; until the sealing under which name on the roll."""

    __tablename__ = "participatory_budget_paper_slip"
    __table_args__ = (UniqueConstraint("edition_id", "voter"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(PaperBatch.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    voter: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    set_aside: Mapped[str] = mapped_column(String(32), default="", info=impersonal())
    entered_by: Mapped[UUID]


class PaperKeying(CityModel):
    """A person keys a batch: the first time, the second time, or where the two differ, a third person decides.

    The constraint on the person keeps the three apart.
    """

    __tablename__ = "participatory_budget_paper_keying"
    __table_args__ = (
        UniqueConstraint("batch_id", "clerk_id"),
        CheckConstraint("turn BETWEEN 1 AND 3", name="turn"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(PaperBatch.id, ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    clerk_id: Mapped[UUID]
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class PaperEntry(CityModel):
    """What one person read on one ballot: the marks by project, or why it is not valid."""

    __tablename__ = "participatory_budget_paper_entry"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(PaperBatch.id, ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    marks: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, info=impersonal())
    invalid: Mapped[str] = mapped_column(String(32), default="", info=impersonal())
    # Of the third person only: why it is read so.
    reason: Mapped[str] = mapped_column(String(300), default="", info=personal(Personal.WORDS))
