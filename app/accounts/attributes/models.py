"""What is known about a person of the city; each statement says how surely, from where and until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.attributes.rules import Level, Statement
from app.accounts.models import Account
from app.accounts.rolls.models import Roll
from app.core.db import CityModel
from app.core.exporting import Personal, impersonal, personal
from app.core.ids import new_id


class PersonAttribute(CityModel):
    """One statement about a person; a newer one of the same level takes its place."""

    __tablename__ = "person_attribute"
    __table_args__ = (UniqueConstraint("account_id", "attribute", "level"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    attribute: Mapped[str] = mapped_column(String(48), info=impersonal())
    value: Mapped[str] = mapped_column(String(200), info=personal(Personal.WORDS))
    level: Mapped[Level]
    stated_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    checked_by: Mapped[UUID | None]
    """Who of the staff has seen a document; she may have left since."""
    document: Mapped[str] = mapped_column(String(40), default="", info=impersonal())
    """Which kind of document was seen, never its number."""
    roll_id: Mapped[UUID | None] = mapped_column(ForeignKey(Roll.id, ondelete="CASCADE"), index=True)
    """The list or the codes it comes from."""
    asked_at: Mapped[datetime | None] = mapped_column(index=True)
    """Since when the person has been waiting for somebody to check it."""

    @property
    def statement(self) -> Statement:
        """Return it as the rules look at it."""
        return Statement(self.attribute, self.value, self.level, self.stated_at, self.expires_at)
