"""The platform's own audit log: what operators, the shell and the platform itself did; rows are never changed."""

from app.core.audit import Detail
from app.core.clock import now
from app.core.context import current_actor
from app.core.db import db
from tenants.models import PlatformEntry


def note(action: str, city_id: str | None = None, **details: Detail) -> None:
    """Write down that the current actor did `action` (`<subject>.<past participle>`).

    The log outlives the city: pass ids, numbers and times, never names, addresses or what somebody wrote.
    """
    entry = PlatformEntry(at=now(), action=action, actor=who(), city_id=city_id, details=dict(details))
    db.session.add(entry)


def who() -> str:
    """Return who acts, without a person's name: the kind and the id; for the shell the name of its user."""
    actor = current_actor()
    return f"{actor.kind} {actor.id or (actor.name if actor.kind == 'shell' else '')}".strip()
