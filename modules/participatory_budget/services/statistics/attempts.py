"""Ballots that were sent and not taken: how many and why, in transactions of their own, as those of the ballots are lost."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.sdk import db, now

from ...models import Attempt, Attempted, Edition
from .arrivals import hour_of


def note(edition: Edition, what: Attempted) -> None:
    """Count one, whatever becomes of the transaction that found it."""
    row = {"edition_id": edition.id, "hour": hour_of(now()), "what": what, "number": 1}
    one = insert(Attempt).values(row)
    more = {"number": Attempt.number + 1}
    with db.engine.begin() as connection:
        connection.execute(
            one.on_conflict_do_update(index_elements=["edition_id", "hour", "what"], set_=more)
        )


def counted(edition: Edition, *, within: timedelta | None = None) -> Mapping[Attempted, int]:
    """Return how many there were of each kind, in all or of late."""
    found = select(Attempt.what, func.sum(Attempt.number)).where(Attempt.edition_id == edition.id)
    if within is not None:
        found = found.where(Attempt.hour >= hour_of(now() - within))
    rows = {what: int(number) for what, number in db.session.execute(found.group_by(Attempt.what))}
    return {what: rows.get(what, 0) for what in Attempted}
