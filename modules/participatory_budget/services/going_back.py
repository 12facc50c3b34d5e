"""Ways back: a fixed ballot before the vote opens, a draft that is not needed."""

from uuid import UUID

from sqlalchemy import delete

from app.sdk import Conflict, _, audit, db

from ..models import Edition
from ..rules.phases import Phase, Stage
from .box import enter_box_alone
from .editions import by_id, phase


def release_ballot(edition_id: UUID) -> Edition:
    """Let rules and projects change again; raises Conflict as soon as somebody could have voted."""
    edition = by_id(edition_id, lock=True)
    # Alone with the box: a ballot that arrives while the clock passes the opening waits, and finds no vote.
    enter_box_alone(edition)
    if edition.stage is not Stage.READY or phase(edition) is not Phase.PUBLISHED:
        raise Conflict(_("The vote has opened: its rules and projects stay as they are."))
    edition.stage = Stage.PUBLISHED
    edition.slot_salt = None
    audit("participatory_budget.ballot_released", subject=f"edition:{edition.id}")
    return edition


def delete_draft(edition_id: UUID) -> None:
    """Delete an edition that residents do not see, with its projects and imported ballots; raises Conflict for others."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.DRAFT:
        raise Conflict(_("Residents can see this edition. Hide it first."))
    audit("participatory_budget.edition_deleted", subject=f"edition:{edition.id}", slug=edition.slug)
    db.session.expunge(edition)
    db.session.execute(delete(Edition).where(Edition.id == edition_id))
