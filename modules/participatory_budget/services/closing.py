"""Closing: first nobody gets in any more, at once; then the worker seals what was cast, and begins to count."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Conflict, _, audit, db, enqueue, now

from ..models import Edition, VersionKind
from ..rules.phases import Phase, Stage
from .box import enter_box_alone
from .counting import start
from .editions import by_id, phase, tell
from .frozen import freeze_dates
from .paper_votes.box import waits_for_paper
from .sealing import seal

LOOKED_AFTER = timedelta(minutes=1)


def close_if_due(edition_id: UUID) -> bool:
    """Close the vote when its time has passed; returns False when there is nothing to do."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.READY or phase(edition) is not Phase.CLOSED:
        return False
    _close(edition)
    return True


def close_now(edition_id: UUID) -> Edition:
    """Close the vote at once; raises Conflict when it is not open."""
    edition = by_id(edition_id, lock=True)
    if phase(edition) is not Phase.VOTING:
        raise Conflict(_("The vote is not open."))
    edition.closes_at = now()
    freeze_dates(edition, VersionKind.CLOSED)
    audit("participatory_budget.vote_closed", subject=f"edition:{edition.id}")
    _close(edition)
    return edition


def seal_and_count(edition_id: UUID) -> bool:
    """Seal the ballots of a vote that was closed and start the count; returns False when that was done before."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.COUNTING or edition.sealed_at is not None or waits_for_paper(edition):
        return False
    # Ballots on paper come in until here.
    enter_box_alone(edition)
    seal(edition)
    start(edition)
    return True


def unsealed() -> list[UUID]:
    """Return the editions that were closed and are not sealed yet."""
    closed = select(Edition.id).where(Edition.stage == Stage.COUNTING, Edition.sealed_at.is_(None))
    return list(db.session.scalars(closed.limit(20)))


def _close(edition: Edition) -> None:
    """Wait for the ballots on their way, and let no other in: from the commit on, the stage keeps everybody out."""
    enter_box_alone(edition)
    edition.stage = Stage.COUNTING
    enqueue("participatory_budget.seal", edition_id=str(edition.id))
    enqueue("participatory_budget.resume_counts", at=now() + LOOKED_AFTER)
    tell(edition, "vote_closed")
