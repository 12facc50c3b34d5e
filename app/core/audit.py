"""The city's audit log: who did what, in the same transaction as the act; rows are never changed.

Entries are sealed into a chain of hashes shortly afterwards (app.core.audit_chain).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, String, cast, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.context import current_actor
from app.core.db import CityModel, db
from app.core.exporting import not_copied
from app.core.ids import new_id

Detail = str | int | bool | None
# What no detail is called, and what no word in it looks like: hashes of passwords, secrets of links and cookies, tokens
# of programs, secrets of webhooks, and what the deployment has sealed.
_SECRET_NAME = re.compile(
    r"password|passphrase|secret|token|cookie|recovery|private_key|api_key", re.IGNORECASE
)
_SECRET_WORD = re.compile(
    r"\$argon2\S*|\bwhsec_\S{20,}|\bparvis_[0-9a-f]{20,}"
    r"|(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{43,}(?![\w-])=*|-----BEGIN.*",
    re.DOTALL,
)


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
    for_id: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of the person for whom the actor acted; empty for one who acted for herself."""
    for_name: Mapped[str] = mapped_column(String(160), default="", server_default="")
    details: Mapped[dict[str, Detail]] = mapped_column(JSONB, default=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """What of the log is wanted; everything where nothing is said."""

    words: str = ""
    action: str = ""
    actor_id: str = ""
    """Who acted, or for whom somebody acted."""
    actor_kind: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit(action: str, *, subject: str = "", **details: Detail) -> None:
    """Write down that the current actor did `action` (`<module>.<past participle>`); raises ValueError for a secret.

    In the values of details, which people type, what looks like a secret is left out: a long word can look like one.
    """
    refuse_secrets(subject, details)
    actor = current_actor()
    entry = AuditEntry(
        at=now(),
        action=action,
        subject=subject,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        for_id=actor.for_id,
        for_name=actor.for_name,
        details={name: _without_secrets(value) for name, value in details.items()},
    )
    db.session.add(entry)


def refuse_secrets(subject: str, details: Mapping[str, Detail]) -> None:
    """Raise ValueError for a detail that is called like a password, a token or another secret, or a subject that is one."""
    for name, value in details.items():
        if _SECRET_NAME.search(name) and not isinstance(value, bool):
            raise ValueError(f"the audit log takes no {name}: say that it was changed, not to what")
    if looks_secret(subject):
        raise ValueError("the audit log takes no secret: the subject looks like one")


def looks_secret(text: str) -> bool:
    """Tell whether something in a text looks like a secret of ours, as some addresses of pages do."""
    return _SECRET_WORD.search(text) is not None


def _without_secrets(value: Detail) -> Detail:
    return _SECRET_WORD.sub("…", value) if isinstance(value, str) else value


def latest(limit: int = 50, *, before: UUID | None = None, search: Search = Search()) -> Sequence[AuditEntry]:
    """Return the newest entries that are looked for, older than `before` for the next page."""
    found = _matching(search).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        found = found.where(AuditEntry.id < before)
    return db.session.scalars(found).all()


def _matching(search: Search) -> Select[AuditEntry]:
    found = select(AuditEntry)
    if search.action:
        found = found.where(AuditEntry.action == search.action)
    if search.subject:
        found = found.where(AuditEntry.subject == search.subject)
    if search.actor_kind:
        found = found.where(AuditEntry.actor_kind == search.actor_kind)
    if search.actor_id:
        found = found.where(or_(AuditEntry.actor_id == search.actor_id, AuditEntry.for_id == search.actor_id))
    if search.since is not None:
        found = found.where(AuditEntry.at >= search.since)
    if search.until is not None:
        found = found.where(AuditEntry.at < search.until)
    words = search.words.split()[:MOST_WORDS]
    if words and search.since is None:
        found = found.where(AuditEntry.at >= now() - WORDS_GO_BACK)
    for word in words:
        found = found.where(or_(*(column.icontains(word, autoescape=True) for column in _SEARCHED)))
    return found


MOST_WORDS = 5
# Words are looked for in the newest entries of a year, unless a first day is given.
WORDS_GO_BACK = timedelta(days=366)
_SEARCHED = (
    AuditEntry.subject,
    AuditEntry.actor_name,
    AuditEntry.for_name,
    AuditEntry.action,
    cast(AuditEntry.details, String),
)


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
