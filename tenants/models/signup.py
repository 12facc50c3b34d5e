"""Sign-ups of cities, and the mails that the platform itself sends."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import PlatformModel
from app.core.ids import new_id


class SignupState(StrEnum):
    """How far a city's sign-up has come."""

    REQUESTED = "requested"
    WAITING = "waiting"
    """Confirmed; an operator has to approve it."""
    CONFIRMED = "confirmed"
    READY = "ready"
    FAILED = "failed"
    REFUSED = "refused"
    """An operator has said no, and why."""


class Signup(PlatformModel):
    """A city on its way in; the row is what provisioning resumes from."""

    __tablename__ = "signup"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[SignupState] = mapped_column(default=SignupState.REQUESTED)
    city_name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(63), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(8))
    city_id: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why an operator refused, as the applicant reads it."""


class PlatformMail(PlatformModel):
    """A mail that the platform itself sends; its text goes when it is handed over, the rest a week later."""

    __tablename__ = "mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    html: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    about: Mapped[str] = mapped_column(String(40), default="")
    """The id of the sign-up or of the city that the mail is about: it goes with it."""
