"""Background work: closing the vote on time, counting."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import db, enqueue, now, task

from .models import Edition
from .rules.phases import Stage
from .services import closing, counting, editions, followers


@task("participatory_budget.tell_opened")
def tell_opened(edition_id: str) -> None:
    """Tell other programs that a vote has opened, once its time has come."""
    editions.tell_opened(UUID(edition_id))


@task("participatory_budget.close")
def close(edition_id: str) -> None:
    """Seal and count an edition whose closing time has come; too early or done before, it does nothing."""
    closing.close_if_due(UUID(edition_id))


@task("participatory_budget.close_due", every=timedelta(minutes=1), idle=timedelta(hours=1))
def close_due() -> bool:
    """Close whatever is past its time, should the one message for it have been lost; rests while nothing is."""
    due = select(Edition.id).where(Edition.stage == Stage.READY, Edition.closes_at <= now()).limit(20)
    late = db.session.scalars(due).all()
    for edition_id in late:
        # Each in a transaction of its own: one that cannot be sealed keeps no other from it.
        enqueue("participatory_budget.close", edition_id=str(edition_id))
    return bool(late)


@task("participatory_budget.tell_opening")
def tell_opening(edition_id: str) -> None:
    """Tell those who follow an edition that its vote opens soon."""
    followers.tell_opening(UUID(edition_id))


@task("participatory_budget.count")
def count(count_id: str, read: int) -> None:
    """Count the next batch of ballots."""
    counting.go_on(UUID(count_id), read)


@task("participatory_budget.resume_counts", every=timedelta(minutes=1), idle=timedelta(hours=1))
def resume_counts() -> bool:
    """Go on with counts whose message was lost with a worker or a broker; rests while nothing is counted."""
    return counting.resume() > 0
