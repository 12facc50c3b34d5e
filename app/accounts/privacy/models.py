"""What people asked for about their own data, and who must be known again when she comes back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import CityModel
from app.core.exporting import left_out
from app.core.ids import new_id


class Download(CityModel):
    """A person's own data as one file: asked for, made by a task, offered for some days."""

    __tablename__ = "account_download"
    __table_args__ = ({"info": left_out("The file lies in this deployment; whoever wants it asks again.")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    bytes: Mapped[int] = mapped_column(default=0)

    @property
    def place(self) -> str:
        """Return where the file lies among those of the city; no export has what begins with a dot."""
        return f".my-data/{self.id}.zip"


class Departure(CityModel):
    """Somebody who deleted her account and must be known again, as she has voted in a vote that is open."""

    __tablename__ = "account_departure"
    __table_args__ = ({"info": left_out("Only this deployment's key tells whose address it is.")},)

    address: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """A keyed hash of the address."""
    account_id: Mapped[UUID]
    until: Mapped[datetime]
