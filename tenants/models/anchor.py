"""Heads of the cities' audit logs."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import PlatformModel


class AuditAnchor(PlatformModel):
    """How far the audit log of a city had come in a month, and the hash it ended with."""

    __tablename__ = "audit_anchor"

    city_id: Mapped[str] = mapped_column(ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    noted_at: Mapped[datetime]
