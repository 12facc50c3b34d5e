"""Batches of ballots on paper: made, opened, put into the box or made void."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from app.sdk import Account, Conflict, Invalid, NotFound, _, audit, db, ngettext, now

from ...models import BatchState, Edition, PaperBatch, PaperKeying, PaperSlip, Station
from ...rules.contests import ContestsBy
from ...rules.phases import Stage
from ...rules.ways import Channel, Way
from ..access import access_of
from ..taking_out import off_roll
from .box import ask_to_seal, enter_unsealed_box, waits_for_paper

MOST = 2000
FEW = 5
"""So few ballots would tell those who open them who voted what."""


def batches(edition: Edition) -> Sequence[PaperBatch]:
    """Return the batches of an edition by their numbers."""
    mine = select(PaperBatch).where(PaperBatch.edition_id == edition.id)
    return db.session.scalars(mine.order_by(PaperBatch.number).limit(500)).all()


def batch_of(edition: Edition, batch_id: UUID, *, lock: bool = False) -> PaperBatch:
    """Return a batch; raises NotFound."""
    found = db.session.get(PaperBatch, batch_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such batch."))
    return found


def make(
    edition: Edition,
    *,
    in_envelopes: bool,
    station_id: UUID | None = None,
    district: str = "",
    printed: int = 0,
) -> PaperBatch:
    """Make a batch for the ballots of one place, and print so many papers for it. Raises Conflict, Invalid."""
    if not access_of(edition).has(Way.PAPER):
        raise Conflict(_("People do not vote on paper here."))
    if edition.stage not in (Stage.READY, Stage.COUNTING) or not waits_for_paper(edition):
        raise Conflict(_("Batches are made from when the ballot is fixed until all ballots on paper are in."))
    if not 0 <= printed <= MOST:
        raise Invalid(_("Enter a number from 0 to %(most)s.", most=MOST))
    if station_id is not None:
        station = db.session.get(Station, station_id)
        if station is None or station.edition_id != edition.id:
            raise NotFound(_("There is no such polling place."))
    if district and (
        edition.contests_by is ContestsBy.ONE or district not in {one.key for one in edition.contests}
    ):
        raise Invalid(_("No ballot is for this district alone."))
    # One at a time: numbers have no gaps.
    db.session.execute(select(Edition.id).where(Edition.id == edition.id).with_for_update(key_share=True))
    last = db.session.scalar(select(func.max(PaperBatch.number)).where(PaperBatch.edition_id == edition.id))
    made = PaperBatch(
        edition_id=edition.id,
        number=(last or 0) + 1,
        station_id=station_id,
        in_envelopes=in_envelopes,
        district=district,
        printed=printed,
        made_at=now(),
        missing_reason="",
        void_reason="",
        invalid={},
    )
    db.session.add(made)
    db.session.flush()
    audit(
        "participatory_budget.batch_made", subject=f"edition:{edition.id}", batch=made.number, printed=printed
    )
    return made


def open_ballots(
    edition: Edition, batch_id: UUID, declared: int, *, reason: str = "", knowingly: bool = False
) -> PaperBatch:
    """Say how many ballots a batch has, now that they are taken out: from here on no slip changes. Raises Invalid.

    There cannot be more ballots than voters; fewer need a reason. A handful tells who voted what: that has to be
    confirmed.
    """
    enter_unsealed_box(edition)
    batch = batch_of(edition, batch_id, lock=True)
    if batch.state is not BatchState.SLIPS:
        raise Conflict(_("The ballots of this batch were taken out already."))
    voters = _voters(batch)
    if declared > voters:
        raise Invalid(
            ngettext(
                "The slips have %(num)d voter, so there cannot be more ballots. Enter the missing slips, or look"
                " for ballots that do not belong here.",
                "The slips have %(num)d voters, so there cannot be more ballots. Enter the missing slips, or look"
                " for ballots that do not belong here.",
                voters,
            )
        )
    if declared < voters and not reason.strip():
        raise Invalid(
            _("There are fewer ballots than voters. Write why, for example: one went home with it.")
        )
    if 0 < declared < FEW and not knowingly:
        raise Invalid(
            _(
                "So few ballots tell who voted what. Put them together with those of another place before you take"
                " them out, or confirm that this is not possible."
            )
        )
    batch.declared, batch.missing_reason = declared, reason.strip()[:300]
    batch.state = BatchState.KEYING
    audit(
        "participatory_budget.batch_opened",
        subject=f"edition:{edition.id}",
        batch=batch.number,
        declared=declared,
        voters=voters,
    )
    return batch


def void(edition: Edition, batch_id: UUID, reason: str) -> None:
    """Let nothing of a batch count: its voters come off the roll, and can vote again. Raises Conflict, Invalid."""
    enter_unsealed_box(edition)
    batch = batch_of(edition, batch_id, lock=True)
    if batch.state in (BatchState.IN_BOX, BatchState.VOID):
        raise Conflict(_("The ballots of this batch are in the box, or it is void already."))
    if not reason.strip():
        raise Invalid(_("Write why."))
    for slip in db.session.scalars(
        select(PaperSlip).where(PaperSlip.batch_id == batch.id, PaperSlip.voter.is_not(None))
    ).all():
        if slip.voter is not None:
            off_roll(edition, slip.voter, Channel.PAPER)
        slip.voter = None
    batch.state, batch.void_reason = BatchState.VOID, reason.strip()[:300]
    audit("participatory_budget.batch_voided", subject=f"edition:{edition.id}", batch=batch.number)


def finish(edition: Edition, by: Account) -> None:
    """Say that all ballots on paper are in the box; the ballots are then sealed. Raises Conflict before the close."""
    if edition.stage is not Stage.COUNTING or edition.sealed_at is not None:
        raise Conflict(_("The vote has to close first."))
    if not waits_for_paper(edition):
        raise Conflict(_("This was said already."))
    left = [one.number for one in batches(edition) if one.state in (BatchState.SLIPS, BatchState.KEYING)]
    if left:
        raise Conflict(
            _("These batches are not in the box yet: %(numbers)s.", numbers=", ".join(map(str, left)))
        )
    edition.paper_done_at = now()
    audit("participatory_budget.paper_finished", subject=f"edition:{edition.id}")
    ask_to_seal(edition)


def keyings(batch: PaperBatch) -> Sequence[PaperKeying]:
    """Return who keys a batch, in the order of the turns."""
    mine = select(PaperKeying).where(PaperKeying.batch_id == batch.id)
    return db.session.scalars(mine.order_by(PaperKeying.turn)).all()


def _voters(batch: PaperBatch) -> int:
    named = select(func.count()).select_from(PaperSlip)
    return db.session.scalar(named.where(PaperSlip.batch_id == batch.id, PaperSlip.voter.is_not(None))) or 0
