"""Closing: seal what was cast, so that nobody can tell any more whose ballot is whose."""

from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select

from app.sdk import Conflict, _, audit, db, now

from ..models import Ballot, Draft, Edition, RollEntry, SealedBallot, SealedReceipt
from ..rules.phases import Phase, Stage
from .casting import enter_box_alone
from .counting import start
from .editions import by_id, phase, tell


class BoxAndRollDiffer(RuntimeError):
    """There are more ballots than voters or fewer; nothing is sealed, a person must look."""


def close_if_due(edition_id: UUID) -> bool:
    """Seal and start the count when the closing time has passed; returns False when there is nothing to do."""
    edition = by_id(edition_id, lock=True)
    if edition.stage is not Stage.READY or phase(edition) is not Phase.CLOSED:
        return False
    enter_box_alone(edition)
    _seal(edition)
    start(edition)
    tell(edition, "vote_closed")
    return True


def close_now(edition_id: UUID) -> Edition:
    """Close the vote at once; raises Conflict when it is not open."""
    edition = by_id(edition_id, lock=True)
    if phase(edition) is not Phase.VOTING:
        raise Conflict(_("The vote is not open."))
    enter_box_alone(edition)
    edition.closes_at = now()
    audit("participatory_budget.vote_closed", subject=f"edition:{edition.id}")
    _seal(edition)
    start(edition)
    tell(edition, "vote_closed")
    return edition


def _seal(edition: Edition) -> None:
    """Rewrite the ballots in the order of their content, forget slots and drafts, destroy the salt."""
    ballots, voters = _number_of(Ballot, edition), _number_of(RollEntry, edition)
    if ballots != voters:
        raise BoxAndRollDiffer(f"edition {edition.id}: {ballots} ballots, {voters} voters")
    mine = Ballot.edition_id == edition.id
    position = func.row_number().over(order_by=Ballot.choices)
    ordered = select(literal(edition.id), position, Ballot.choices).where(mine)
    db.session.execute(insert(SealedBallot).from_select(["edition_id", "position", "choices"], ordered))
    leaves = select(literal(edition.id), Ballot.leaf).where(mine).order_by(Ballot.leaf)
    db.session.execute(insert(SealedReceipt).from_select(["edition_id", "leaf"], leaves))
    db.session.execute(delete(Ballot).where(mine))
    db.session.execute(delete(Draft).where(Draft.edition_id == edition.id))
    edition.slot_salt = None
    edition.sealed_at = now()
    audit("participatory_budget.ballots_sealed", subject=f"edition:{edition.id}", ballots=ballots)


def _number_of(kind: type[Ballot] | type[RollEntry], edition: Edition) -> int:
    counted = select(func.count()).select_from(kind).where(kind.edition_id == edition.id)
    return db.session.scalar(counted) or 0
