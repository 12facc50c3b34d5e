"""Tables of the platform: cities, their hosts, their switches, and sign-ups (schema `platform`)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import PlatformModel
from app.core.ids import new_id
from app.core.text import Localized, LocalizedText


class CityState(StrEnum):
    """Where a city is in its life."""

    PROVISIONING = "provisioning"
    LIVE = "live"
    SUSPENDED = "suspended"


class SignupState(StrEnum):
    """How far a city's sign-up has come."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    READY = "ready"
    FAILED = "failed"


class CityRecord(PlatformModel):
    """A city: its id never changes, its name and addresses may."""

    __tablename__ = "city"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[CityState] = mapped_column(default=CityState.PROVISIONING)
    published: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(8)))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    brand: Mapped[str] = mapped_column(String(7), default="#3d2bb8")
    hero: Mapped[str] = mapped_column(String(40), default="skyline")
    tagline: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime]


class Domain(PlatformModel):
    """A host name of a city's own, beside its address under the platform's domain."""

    __tablename__ = "domain"

    host: Mapped[str] = mapped_column(String(253), primary_key=True)
    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), index=True)
    verified: Mapped[bool] = mapped_column(default=False)


class ModuleToggle(PlatformModel):
    """Whether a city has a module switched on; no row means it never had."""

    __tablename__ = "module_toggle"

    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True)
    module: Mapped[str] = mapped_column(String(48), primary_key=True)
    on: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(160), default="")


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
