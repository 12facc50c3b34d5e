"""What other rules would have made of the ballots of a past vote, for staff who choose a rule."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, impersonal, new_id

from .edition import Edition


class Preview(CityModel):
    """One comparison; `found` is None until a worker has computed it."""

    __tablename__ = "participatory_budget_preview"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    laws: Mapped[list[str]] = mapped_column(JSONB, info=impersonal())
    found: Mapped[list[dict[str, object]] | None] = mapped_column(JSONB(none_as_null=True), info=impersonal())
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
