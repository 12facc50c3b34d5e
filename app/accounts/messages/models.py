"""A message to very many people, and how far it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.messages.rules import Segment, State
from app.accounts.models import Account
from app.core.db import CityModel
from app.core.exporting import Personal, impersonal, personal
from app.core.ids import new_id
from app.core.text import Localized, LocalizedText


class Message(CityModel):
    """One message; what was sent stays as it was sent."""

    __tablename__ = "message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[State] = mapped_column(index=True)
    subject: Mapped[Localized] = mapped_column(LocalizedText, info=personal(Personal.WORDS))
    text: Mapped[Localized] = mapped_column(LocalizedText, info=personal(Personal.WORDS))
    segment: Mapped[dict[str, Any]] = mapped_column(JSONB, info=impersonal())
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    recipients: Mapped[int | None]
    """How many people it was for when it was sent."""

    @property
    def whom(self) -> Segment:
        """Return whom it is for."""
        return Segment.read(self.segment)
