"""The platform's own audit log: what operators, the shell and the platform itself did; rows are never changed."""

from app.core.audit import Detail, audit
from app.core.clock import now
from app.core.context import City, city_or_none, current_actor, serving
from app.core.db import db, end_transaction
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


def note_in_city(city: City, action: str, **details: Detail) -> None:
    """Write into a city's own audit log; where the city is not being served, in a transaction of the city's own."""
    served = city_or_none()
    if served is not None and served.id == city.id:
        audit(action, subject=f"city:{city.id}", **details)
        return
    kept = False
    with serving(city):
        try:
            audit(action, subject=f"city:{city.id}", **details)
            kept = True
        finally:
            end_transaction(keep=kept)
