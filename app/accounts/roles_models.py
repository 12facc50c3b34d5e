"""Roles that a city has made, and who holds which role where."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account, Role
from app.core.db import CityModel
from app.core.exporting import impersonal
from app.core.ids import new_id
from app.core.text import Localized, LocalizedText

Names = JSONB(none_as_null=True)


class StaffRole(CityModel):
    """A set of permissions with a name."""

    __tablename__ = "staff_role"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[Localized] = mapped_column(LocalizedText, info=impersonal())
    permissions: Mapped[list[str]] = mapped_column(JSONB, info=impersonal())
    created_at: Mapped[datetime]


class StaffGrant(CityModel):
    """A role that somebody holds: one of the city's own, or a built-in one with limits or an end.

    The built-in role without either is a column of the account, so that nobody has to look here for most people.
    """

    __tablename__ = "staff_grant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    preset: Mapped[Role | None]
    role_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_role.id", ondelete="CASCADE"), index=True)
    modules: Mapped[list[str] | None] = mapped_column(Names, info=impersonal())
    districts: Mapped[list[str] | None] = mapped_column(Names, info=impersonal())
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    account: Mapped[Account] = relationship(lazy="raise")
    role: Mapped[StaffRole | None] = relationship(lazy="joined")
