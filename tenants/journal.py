"""What operators, the shell and cities' own staff did to cities, as the platform remembers it; rows are never changed."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.core.audit import Detail, audit
from app.core.clock import now
from app.core.context import City, city_or_none, current_actor, serving
from app.core.db import db, end_transaction
from tenants.models import PlatformEntry

# A city's own people are the city's: the platform keeps what they are, not who.
OF_A_CITY = frozenset({"staff", "resident"})


def note(action: str, city_id: str | None = None, **details: Detail) -> None:
    """Write into the platform's log that the current actor did `action`, with the present transaction."""
    db.session.add(
        PlatformEntry(at=now(), action=action, actor=_actor(), city_id=city_id, details=dict(details))
    )


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


def latest(
    limit: int = 50, *, city_id: str | None = None, actions: Iterable[str] = ()
) -> Sequence[PlatformEntry]:
    """Return the newest entries, of one city or of all, newest first."""
    found = select(PlatformEntry).order_by(PlatformEntry.id.desc()).limit(limit)
    if city_id is not None:
        found = found.where(PlatformEntry.city_id == city_id)
    wanted = list(actions)
    if wanted:
        found = found.where(PlatformEntry.action.in_(wanted))
    return db.session.scalars(found).all()


def _actor() -> str:
    actor = current_actor()
    city = city_or_none()
    if actor.kind in OF_A_CITY:
        return f"{actor.kind} of {city.slug}" if city else actor.kind
    return actor.name or actor.kind
