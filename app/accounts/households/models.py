"""Children and other people without an account, and who may act for whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.households.rules import Area, Part, Right
from app.accounts.models import Account
from app.core.db import CityModel
from app.core.exporting import Personal, impersonal, personal
from app.core.ids import new_id


class Dependant(CityModel):
    """Somebody without an account for whom others act: a child, or a grown-up who has signed a paper."""

    __tablename__ = "dependant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), info=personal(Personal.NAME))
    is_child: Mapped[bool]
    born: Mapped[date | None]
    school: Mapped[str] = mapped_column(String(160), default="", info=personal(Personal.WORDS))
    created_at: Mapped[datetime]


class ActingRight(CityModel):
    """What one person may do for another, from the invitation to the end."""

    __tablename__ = "acting_right"
    __table_args__ = (
        CheckConstraint("(dependant_id IS NULL) <> (person_id IS NULL)", name="for_one"),
        Index("ix_acting_right_pair", "dependant_id", "helper_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    helper_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    """Who acts; nobody yet while an invitation is open."""
    dependant_id: Mapped[UUID | None] = mapped_column(ForeignKey(Dependant.id, ondelete="CASCADE"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    part: Mapped[Part]
    areas: Mapped[list[str]] = mapped_column(JSONB, default=list, info=impersonal())
    invited_by: Mapped[UUID | None]
    invited_email: Mapped[str] = mapped_column(String(254), default="", info=personal(Personal.EMAIL))
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=personal(Personal.SECRET))
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    needs_paper: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None]
    ends_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    helper: Mapped[Account | None] = relationship(foreign_keys=[helper_id], lazy="joined")
    dependant: Mapped[Dependant | None] = relationship(lazy="joined")
    person: Mapped[Account | None] = relationship(foreign_keys=[person_id], lazy="joined")

    @property
    def right(self) -> Right:
        """Return it as the rules look at it."""
        return Right(
            part=self.part,
            areas=frozenset(Area(area) for area in self.areas if area in set(Area)),
            accepted_at=self.accepted_at,
            confirmed_at=self.confirmed_at,
            needs_paper=self.needs_paper,
            withdrawn_at=self.withdrawn_at,
            ends_on=self.ends_on,
            born=self.dependant.born if self.dependant else None,
        )

    @property
    def name(self) -> str:
        """Return what the person is called for whom somebody acts."""
        if self.dependant is not None:
            return self.dependant.name
        return (self.person.name or self.person.email) if self.person is not None else ""
