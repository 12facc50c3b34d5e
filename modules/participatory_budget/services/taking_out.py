"""Taking a ballot out of the box that may not count: unread, with the name on the roll and all that kept it unique."""

from sqlalchemy import delete

from app.sdk import db

from ..models import Ballot, Draft, Edition, RollEntry
from ..rules.ways import Channel
from .persons import release
from .statistics import arrivals
from .voters import Voter, slot_of


def take_out(edition: Edition, name: bytes) -> bool:
    """Take a name off the roll with its ballot; tells whether it had voted. The box must be open or closed, not sealed."""
    mine = (Ballot.edition_id == edition.id, Ballot.slot == slot_of(edition, name))
    gone = db.session.execute(
        delete(Ballot).where(*mine).returning(Ballot.channel),
        execution_options={"synchronize_session": False},
    ).first()
    off_roll(edition, name, gone.channel if gone is not None else Channel.PAPER)
    return gone is not None


def off_roll(edition: Edition, name: bytes, channel: Channel) -> None:
    """Take a name off the roll, let go of its keys and its draft, and count one voter less by its channel."""
    named = (RollEntry.edition_id == edition.id, RollEntry.voter == name)
    was = db.session.execute(delete(RollEntry).where(*named).returning(RollEntry.voter)).first()
    db.session.execute(delete(Draft).where(Draft.edition_id == edition.id, Draft.voter == name))
    release(edition, name)
    if was is not None:
        arrivals.count(edition, Voter(name, b"", channel), -1)
