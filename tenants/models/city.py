"""Cities, their addresses, their switches and their quotas."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.context import CityState
from app.core.db import PlatformModel
from app.core.text import Localized, LocalizedText


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
    look: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    """Letters, logo, picture, and short texts by language (`footer_fr`): what every page may need."""
    created_at: Mapped[datetime]
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    """What residents read while the city is suspended, as the operator wrote it."""
    state_changed_at: Mapped[datetime | None]
    erase_at: Mapped[datetime | None]
    state_before: Mapped[str] = mapped_column(String(32), default="")
    """The state a city that is to be erased goes back to when it is kept after all."""


class Domain(PlatformModel):
    """A city's claim to a host name of its own; many may claim one, who has proven it alone has it."""

    __tablename__ = "domain"

    host: Mapped[str] = mapped_column(String(253), primary_key=True)
    city_id: Mapped[str] = mapped_column(
        ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    verified: Mapped[bool] = mapped_column(default=False)
    main: Mapped[bool] = mapped_column(default=False)
    """Whether the city's pages name themselves by this host; one at most for each city."""
    proof: Mapped[str] = mapped_column(String(64), default="")
    """What the DNS TXT record has to say."""
    added_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    """Since when the proof of a verified host has not been found again."""
    finding: Mapped[str] = mapped_column(String(32), default="")
    """What the last check came to, as tenants.dns.Finding names it."""
    seen: Mapped[list[str]] = mapped_column(ARRAY(String(300)), default=list)
    """What the last check found in the place of what it looked for."""
    leads: Mapped[str] = mapped_column(String(32), default="")
    """Whether the host leads here, as tenants.dns.Leads names it."""
    leads_to: Mapped[list[str]] = mapped_column(ARRAY(String(45)), default=list)
    """The network addresses of the host, as the last check found them."""


class FormerSlug(PlatformModel):
    """An address under the platform's domain that a city had before; it leads to the present one."""

    __tablename__ = "former_slug"

    slug: Mapped[str] = mapped_column(String(63), primary_key=True)
    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), index=True)
    left_at: Mapped[datetime]


class ModuleToggle(PlatformModel):
    """Whether a city has a module switched on; no row means it never had."""

    __tablename__ = "module_toggle"

    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True)
    module: Mapped[str] = mapped_column(String(48), primary_key=True)
    on: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(160), default="")


class Quota(PlatformModel):
    """What one city may use of something, where it differs from what the deployment gives every city."""

    __tablename__ = "quota"

    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True)
    resource: Mapped[str] = mapped_column(String(32), primary_key=True)
    most: Mapped[int] = mapped_column(BigInteger)
