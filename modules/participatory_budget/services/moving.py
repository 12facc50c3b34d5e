"""What an open vote means for a city that is exported, restored or copied.

Roll and ballot box know voters by hashes under the secret key of the deployment and the id of the city. Elsewhere nobody
on the roll would be recognised, so an open vote can only begin anew there.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, delete, select, union_all

from app.sdk import bound_to_key

from ..models import (
    Arrival,
    Ballot,
    Challenge,
    Draft,
    Edition,
    LetIn,
    LetterBatch,
    PaperBatch,
    PersonKey,
    RollEntry,
    Turnout,
    TurnoutShare,
)
from ..rules.phases import Stage

# Letters and batches of paper take what belongs to them along.
_WITH_NAMES = (
    Draft,
    Ballot,
    RollEntry,
    Turnout,
    TurnoutShare,
    Arrival,
    PersonKey,
    LetIn,
    Challenge,
    LetterBatch,
    PaperBatch,
)


def open_boxes(connection: Connection) -> list[str]:
    """Return the votes in which somebody has voted or chosen already and that are not sealed, by their addresses."""
    return _addresses(connection, _open())


def unpublished(connection: Connection) -> list[str]:
    """Return these, and the votes that are closed and whose result is not published."""
    waits = Edition.stage.in_((Stage.COUNTING, Stage.COUNTED)) & Edition.imported.is_(False)
    return _addresses(connection, _open() | waits)


def empty_boxes(connection: Connection) -> None:
    """Take every ballot out of the open boxes and everybody off their rolls: those votes begin anew."""
    for table in _WITH_NAMES:
        connection.execute(delete(table).where(table.edition_id.in_(_unsealed())))


def _open() -> ColumnElement[bool]:
    begun = union_all(select(RollEntry.edition_id), select(Draft.edition_id))
    return Edition.id.in_(_unsealed()) & Edition.id.in_(begun)


def _addresses(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    return [f"vote {slug}" for slug in connection.scalars(select(Edition.slug).where(which))]


def _unsealed() -> Select[UUID]:
    return select(Edition.id).where(Edition.slot_salt.is_not(None))


bound_to_key("participatory_budget", found=open_boxes, release=empty_boxes, hidden=unpublished)
