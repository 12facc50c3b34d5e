"""A count: how far it has come, and what it found."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk import CityModel, Personal, impersonal, new_id, personal

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
    TWO_RESULTS_DIFFER = "two-results-differ"
    """The files, counted anew as anybody can count them, give another result."""
    RULES_DIFFER = "rules-differ"
    """The rules or the projects are not those that were frozen."""
    TOO_MANY_TOTALS = "too-many-totals"
    """The best choice in all has too many totals to be found exactly: only another rule helps."""
    UNREADABLE = "unreadable"
    """A ballot, or the rule, is not what was checked before it was stored."""


class Count(CityModel):
    """One count of all sealed ballots; goes on from `read` and `step` wherever it was interrupted."""

    __tablename__ = "participatory_budget_count"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    state: Mapped[CountState] = mapped_column(default=CountState.RUNNING)
    total: Mapped[int]
    read: Mapped[int] = mapped_column(default=0)
    blank: Mapped[int] = mapped_column(default=0)
    votes: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, info=impersonal())
    # What was done when all was read: added up, decided, decided a second time.
    step: Mapped[int] = mapped_column(default=0)
    # How often each project of each contest was given each mark: {contest: {number: {mark: times}}}.
    marks: Mapped[dict[str, dict[str, dict[str, int]]]] = mapped_column(
        JSONB, default=dict, info=impersonal()
    )
    first_sha256: Mapped[str] = mapped_column(String(64), default="", info=impersonal())
    second_sha256: Mapped[str] = mapped_column(String(64), default="", info=impersonal())
    # Whether the files were also counted anew, one ballot after the other, by the program that everybody can run.
    recounted: Mapped[bool] = mapped_column(default=False)
    protocol: Mapped[str | None] = mapped_column(info=impersonal())
    ballots_sha256: Mapped[str | None] = mapped_column(String(64), info=impersonal())
    failure: Mapped[str] = mapped_column(String(300), default="", info=impersonal())
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    results: Mapped[list["ContestResult"]] = relationship(
        lambda: ContestResult, order_by=lambda: ContestResult.position, viewonly=True
    )


class ContestResult(CityModel):
    """What a count found in one contest, as it is published; contests in the order in which they were decided."""

    __tablename__ = "participatory_budget_contest_result"

    count_id: Mapped[UUID] = mapped_column(ForeignKey(Count.id, ondelete="CASCADE"), primary_key=True)
    contest: Mapped[str] = mapped_column(String(80), primary_key=True, info=impersonal())
    position: Mapped[int]
    protocol: Mapped[str] = mapped_column(info=impersonal())
    ballots_sha256: Mapped[str] = mapped_column(String(64), info=impersonal())


class Certificate(CityModel):
    """Somebody's signature under the result of a count; never changed."""

    __tablename__ = "participatory_budget_certificate"

    count_id: Mapped[UUID] = mapped_column(ForeignKey(Count.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(200), info=personal(Personal.NAME))
    # Of all protocols: what was signed.
    sha256: Mapped[str] = mapped_column(String(64), info=impersonal())
    signed_at: Mapped[datetime]
