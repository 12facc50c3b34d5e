"""A count: how far it has come, and what it found."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, impersonal, new_id

from .edition import Edition


class CountState(StrEnum):
    """How far a count has come."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a count failed: what is stored is not what it was, and a person must look."""

    TWO_COUNTS_DIFFER = "two-counts-differ"
    """The database, asked in its own words, counts other votes."""
    UNREADABLE = "unreadable"
    """A ballot, or the rule, is not what was checked before it was stored."""


class Count(CityModel):
    """One reading of all sealed ballots; goes on from `read` wherever it was interrupted."""

    __tablename__ = "participatory_budget_count"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    state: Mapped[CountState] = mapped_column(default=CountState.RUNNING)
    total: Mapped[int]
    read: Mapped[int] = mapped_column(default=0)
    blank: Mapped[int] = mapped_column(default=0)
    votes: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, info=impersonal())
    protocol: Mapped[str | None] = mapped_column(info=impersonal())
    ballots_sha256: Mapped[str | None] = mapped_column(String(64), info=impersonal())
    failure: Mapped[str] = mapped_column(String(300), default="", info=impersonal())
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
