"""The city's audit log: who did what, in the same transaction as the act; rows are never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.context import current_actor
from app.core.db import CityModel, db
from app.core.exporting import not_copied
from app.core.ids import new_id

Detail = str | int | bool | None


class AuditEntry(CityModel):
    """One act in a city."""

    __tablename__ = "audit_entry"
    __table_args__ = ({"info": not_copied("It tells what people of the real city did.")},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(160), default="")
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str] = mapped_column(String(64), default="")
    actor_name: Mapped[str] = mapped_column(String(160), default="")
    details: Mapped[dict[str, Detail]] = mapped_column(JSONB, default=dict)


def audit(action: str, *, subject: str = "", **details: Detail) -> None:
    """Write down that the current actor did `action` (`<module>.<past participle>`); never pass secrets."""
    actor = current_actor()
    entry = AuditEntry(
        at=now(),
        action=action,
        subject=subject,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        details=dict(details),
    )
    db.session.add(entry)


def latest(
    limit: int = 50, *, before: UUID | None = None, filters: Mapping[str, str] | None = None
) -> Sequence[AuditEntry]:
    """Return the newest entries, older than `before` for the next page; `filters` are column → exact value."""
    found = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        found = found.where(AuditEntry.id < before)
    for column, value in (filters or {}).items():
        found = found.where(getattr(AuditEntry, column) == value)
    return db.session.scalars(found).all()


def actions() -> list[str]:
    """Return every action that occurs in the log, read from its index however long the log is."""
    found = db.session.scalars(
        text(
            "WITH RECURSIVE seen AS ("
            " (SELECT action FROM audit_entry ORDER BY action LIMIT 1)"
            " UNION ALL"
            " SELECT (SELECT action FROM audit_entry WHERE action > seen.action ORDER BY action LIMIT 1)"
            " FROM seen WHERE seen.action IS NOT NULL"
            ") SELECT action FROM seen WHERE action IS NOT NULL"
        )
    )
    return list(found)
