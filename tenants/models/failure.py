"""Errors that nobody foresaw, for those who look after the platform."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import PlatformModel


class Failure(PlatformModel):
    """One kind of error at one place in one city on one day; what happens again is counted. No personal data."""

    __tablename__ = "failure"

    reference: Mapped[str] = mapped_column(String(12), primary_key=True)
    """What the reader of the error page is told."""
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    city_id: Mapped[str | None] = mapped_column(String(20), index=True)
    place: Mapped[str] = mapped_column(String(120))
    """The endpoint of the page, or the name of the task."""
    kind: Mapped[str] = mapped_column(String(200))
    trace: Mapped[str] = mapped_column(Text)
    """Files, lines and functions; no values and no message, which may quote some."""
    request_id: Mapped[str] = mapped_column(String(64))
    """Of the last time, to find its lines in the logs."""
    count: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
