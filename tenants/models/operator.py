"""Those who run the platform, what they do there, and their visits to cities."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.audit import Detail
from app.core.db import PlatformModel
from app.core.ids import new_id


class Operator(PlatformModel):
    """Somebody who runs the platform; never an account of a city."""

    __tablename__ = "operator"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8), default="en")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    """The shared secret of the second factor (RFC 6238), encrypted with the deployment's key."""
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The last time step a code was taken for: no code works twice."""
    recovery_hashes: Mapped[list[str]] = mapped_column(ARRAY(String(64)), default=list)
    invite_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invite_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class OperatorSession(PlatformModel):
    """A browser in which an operator has signed in with both factors; the cookie holds the secret, the row its hash."""

    __tablename__ = "operator_session"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    operator_id: Mapped[UUID] = mapped_column(
        ForeignKey("platform.operator.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    proved_at: Mapped[datetime]
    """When a code of the second factor was last taken here; dangerous acts need a fresh one."""
    wrong_codes: Mapped[int] = mapped_column(default=0)
    """Wrong codes since the last right one; too many end the session, whether or not Redis is there to count."""
    browser: Mapped[str] = mapped_column(String(120), default="")
    operator: Mapped[Operator] = relationship(lazy="joined", innerjoin=True)


class OperatorVisit(PlatformModel):
    """An operator's time inside a city: for a reason, until a moment, written into the city's audit log."""

    __tablename__ = "operator_visit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("platform.operator.id"), index=True)
    city_id: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    operator: Mapped[Operator] = relationship(lazy="joined", innerjoin=True)


class PlatformEntry(PlatformModel):
    """One act of an operator or of the shell; rows are never changed."""

    __tablename__ = "audit_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(80))
    actor: Mapped[str] = mapped_column(String(160))
    city_id: Mapped[str | None] = mapped_column(String(20), index=True)
    details: Mapped[dict[str, Detail]] = mapped_column(JSONB, default=dict)
