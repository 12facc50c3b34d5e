"""What is known of the files that people sent; the files themselves lie in the store (app.core.stores)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import CityModel
from app.core.exporting import impersonal, not_copied
from app.core.ids import new_id
from app.core.stores import QUARANTINE, UPLOADS
from app.services.files.kinds import Kind


class Scan(StrEnum):
    """What the virus scanner said."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"
    """The deployment has no scanner."""


class File(CityModel):
    """A file that somebody sent."""

    __tablename__ = "file"
    __table_args__ = ({"info": not_copied("It is what people of the real city sent.")},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    use: Mapped[str] = mapped_column(String(80), info=impersonal())
    """What it is for, as the module declared it: `<module>.<what>`."""
    kind: Mapped[Kind]
    name: Mapped[str] = mapped_column(String(200))
    """What the file was called by whoever sent it, without a folder."""
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), info=impersonal())
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    scan: Mapped[Scan]
    found: Mapped[str] = mapped_column(String(200), default="", info=impersonal())
    """What the scanner calls what it found."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    scanned_at: Mapped[datetime | None]
    attached_at: Mapped[datetime | None]
    """Since when something in the city has it; one that nothing takes is removed."""

    @property
    def place(self) -> str:
        """Return its name in the store."""
        return f"{QUARANTINE if self.scan is Scan.INFECTED else UPLOADS}/{self.id}"
