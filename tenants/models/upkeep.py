"""What the platform keeps of its cities to look after them: revisions, operations, use, certificates."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import PlatformModel
from app.core.ids import new_id

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class CityRevision(PlatformModel):
    """A copy of what the schema of a city says about its own revisions, so that thousands can be compared at once."""

    __tablename__ = "city_revision"

    city_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    revisions: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    changed_at: Mapped[datetime]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(1000), default="")


class OperationState(StrEnum):
    """How far an operation has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Operation(PlatformModel):
    """Something long that is done to a city by a worker: an export, a restoration, a migration, an erasure."""

    __tablename__ = "operation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(32))
    city_id: Mapped[str | None] = mapped_column(String(20), index=True)
    state: Mapped[OperationState] = mapped_column(default=OperationState.WAITING, index=True)
    asked_by: Mapped[str] = mapped_column(String(160), default="")
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wish: Mapped[dict[str, Json]] = mapped_column(JSONB, default=dict)
    """What was asked for."""
    outcome: Mapped[dict[str, Json]] = mapped_column(JSONB, default=dict)
    """What came of it: `done` and `total` while it runs, paths and checksums when it has ended."""
    error: Mapped[str] = mapped_column(String(1000), default="")


class Usage(PlatformModel):
    """What a city did on one day (UTC)."""

    __tablename__ = "usage"

    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(BigInteger, default=0)
    errors: Mapped[int] = mapped_column(BigInteger, default=0)
    mails: Mapped[int] = mapped_column(BigInteger, default=0)


class Measure(PlatformModel):
    """How large a city was when it was last looked at."""

    __tablename__ = "measure"

    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True)
    measured_at: Mapped[datetime]
    database_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    files_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    accounts: Mapped[int] = mapped_column(BigInteger, default=0)
    told: Mapped[dict[str, Json]] = mapped_column(JSONB, default=dict)
    """Which shares of which quotas, in per cent, the city's administrators have been told about."""


class Erasure(PlatformModel):
    """The certificate of an erased city: what was removed and when, and no personal data.

    The row is written before anything is removed; while `erased_at` is empty the work has still to be finished.
    """

    __tablename__ = "erasure"

    city_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    began_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    slugs: Mapped[list[str]] = mapped_column(ARRAY(String(63)))
    """Addresses under the platform's domain that nobody else gets for a year."""
    certificate: Mapped[dict[str, Json]] = mapped_column(JSONB)
