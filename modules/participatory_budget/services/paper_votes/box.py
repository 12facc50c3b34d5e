"""The ballot box as those who work on paper meet it: open until it is sealed, also after the close of the vote."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.sdk import Conflict, _, db, enqueue

from ...models import (
    Admission,
    Ballot,
    BatchState,
    Edition,
    OneTimeCode,
    PaperBatch,
    PaperEntry,
    PaperSlip,
    RollEntry,
)
from ...rules.phases import Phase, Stage
from ...rules.ways import Channel, Way
from .. import ballot_log
from ..access import access_of
from ..admissions import Key
from ..box import enter_box_shared
from ..editions import phase
from ..persons import claim
from ..statistics import arrivals
from ..voters import Voter


class PaperNotOpen(Conflict):
    """No ballot on paper is taken: the vote has not opened, or the ballots are sealed."""


@dataclass(frozen=True, slots=True)
class PaperBallot:
    """A ballot as it is stored, and whose contest it takes part in beside that of the whole city."""

    choices: bytes
    district: str = ""


def enter_unsealed_box(edition: Edition) -> None:
    """Keep the ballots from being sealed until the transaction ends; raises PaperNotOpen when they are."""
    enter_box_shared(edition)
    db.session.refresh(edition)
    if not takes_paper(edition):
        raise PaperNotOpen(
            _("No ballots on paper are taken now: the vote has not opened, or its ballots are sealed.")
        )


def takes_paper(edition: Edition) -> bool:
    """Tell whether ballots on paper can come into the box: from the opening until staff say that all are in."""
    closed = edition.stage is Stage.COUNTING and edition.sealed_at is None
    may = phase(edition) in (Phase.VOTING, Phase.CLOSED) or closed
    return may and edition.slot_salt is not None and edition.paper_done_at is None


def put_paper(edition: Edition, ballots: Sequence[PaperBallot]) -> None:
    """Put ballots into the box, each in a slot drawn for it alone: nothing leads from a slot to a person or a paper."""
    drawn = [(secrets.token_bytes(32), one) for one in ballots]
    # In the order of the slots, which is no order: the rows do not tell which paper lay on top.
    for slot, one in sorted(drawn, key=lambda pair: pair[0]):
        leaf = sha256(b"\x00" + secrets.token_bytes(32)).digest()
        row = {
            "edition_id": edition.id,
            "slot": slot,
            "version": 1,
            "choices": one.choices,
            "district": one.district,
            "channel": Channel.PAPER,
            "leaf": leaf,
        }
        db.session.execute(insert(Ballot).values(row))
        ballot_log.append(edition, leaf)


def enter_on_roll(edition: Edition, voter: Voter, keys: Sequence[Key]) -> bool:
    """Enter somebody who votes on paper on the roll; False when she stands there. Raises VotedAlready."""
    entry = insert(RollEntry).values(edition_id=edition.id, voter=voter.name).on_conflict_do_nothing()
    if db.session.execute(entry.returning(RollEntry.voter)).first() is None:
        return False
    claim(edition, voter.name, keys)
    arrivals.count(edition, voter)
    return True


def surplus(edition: Edition) -> int:
    """Return by how many the ballots on paper in the box exceed the names on the roll that voted on paper."""
    mine = (PaperBatch.edition_id == edition.id, PaperBatch.state == BatchState.IN_BOX)
    put = db.session.scalar(select(func.coalesce(func.sum(PaperBatch.put), 0)).where(*mine)) or 0
    named = select(func.count()).select_from(PaperSlip)
    voted = db.session.scalar(named.where(PaperSlip.edition_id == edition.id, PaperSlip.voter.is_not(None)))
    return int(put) - (voted or 0)


def waits_for_paper(edition: Edition) -> bool:
    """Tell whether the sealing has to wait until staff say that all ballots on paper are in the box."""
    return access_of(edition).has(Way.PAPER) and edition.paper_done_at is None and not edition.imported


def forget_names(edition: Edition) -> None:
    """Forget who voted on paper and what clerks read on it, and end all that let people vote; belongs to the sealing."""
    slips = update(PaperSlip).where(PaperSlip.edition_id == edition.id).values(voter=None)
    db.session.execute(slips, execution_options={"synchronize_session": False})
    # Batch by batch, readings would tell how the people of one small place voted.
    piles = select(PaperBatch.id).where(PaperBatch.edition_id == edition.id)
    db.session.execute(delete(PaperEntry).where(PaperEntry.batch_id.in_(piles)))
    for kind in (Admission, OneTimeCode):
        db.session.execute(delete(kind).where(kind.edition_id == edition.id))


def ask_to_seal(edition: Edition) -> None:
    """Have the ballots sealed that waited for the paper."""
    enqueue("participatory_budget.seal", edition_id=str(edition.id))
