"""Lists and codes as the city keeps them: what they prove, and a keyed hash for each person or letter."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Account
from app.core.db import CityModel
from app.core.exporting import impersonal, not_copied
from app.core.ids import new_id

OF_REAL_PEOPLE = "It stands for the people of the real city."


class RollKind(StrEnum):
    """What a person shows that she is meant."""

    PEOPLE = "people"
    """What a list says about her."""
    CODES = "codes"
    """A code from a letter."""


class Roll(CityModel):
    """A list of people or a batch of codes, and what it proves about whoever is on it."""

    __tablename__ = "roll"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[RollKind]
    title: Mapped[str] = mapped_column(String(160), info=impersonal())
    fields: Mapped[list[str]] = mapped_column(JSONB, default=list, info=impersonal())
    """What a person types to be found."""
    grants: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, info=impersonal())
    """What is proven of everybody on it: attribute → value."""
    carried: Mapped[str] = mapped_column(String(48), default="", info=impersonal())
    """The attribute that each entry has a value of its own for."""
    entries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    ends_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]

    @property
    def told(self) -> Mapping[str, str]:
        """Return what the audit log says of it; a long word in a title could be taken for a secret there."""
        return {"subject": f"roll:{self.id}", "title": self.title[:40]}

    @property
    def last_moment(self) -> datetime | None:
        """Return when it can still be used for the last time: one that ends at midnight has its last day before."""
        return self.ends_at - timedelta(microseconds=1) if self.ends_at else None

    def is_open(self, at: datetime) -> bool:
        """Tell whether people can use it then."""
        return self.replaced_at is None and (self.ends_at is None or at < self.ends_at)


class RollEntry(CityModel):
    """One person of a list, or one code; `account_id` says who has used it."""

    __tablename__ = "roll_entry"
    __table_args__ = (
        # One account stands for one person of a list: it cannot take a second one.
        Index(
            "uq_roll_entry_account",
            "account_id",
            "roll_id",
            unique=True,
            postgresql_where=text("account_id IS NOT NULL"),
        ),
        {"info": not_copied(OF_REAL_PEOPLE)},
    )

    roll_id: Mapped[UUID] = mapped_column(ForeignKey(Roll.id, ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    value: Mapped[str | None] = mapped_column(String(80))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    used_at: Mapped[datetime | None]
    """Stays when the account is deleted, so that nobody begins anew under another address to vote twice."""
