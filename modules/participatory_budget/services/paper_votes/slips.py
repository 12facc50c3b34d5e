"""Slips: who voted on paper. They are entered while the ballots are still closed away from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from app.sdk import Account, Conflict, Invalid, PersonField, _, audit, db

from ...models import BatchState, Edition, PaperBatch, PaperSlip, RollEntry
from ...rules.ways import Channel, Duplicates
from ..access import access_of
from ..admissions import end_all
from ..eligibility import NotEligible
from ..persons import VotedAlready, holder
from ..taking_out import off_roll, take_out
from ..voters import Voter
from .batches import batch_of
from .box import enter_on_roll, enter_unsealed_box
from .identity import Person, person
from .replacing import ask_to_tell


class SetAside(StrEnum):
    """Why an envelope stays closed."""

    VOTED = "voted"
    """The person has voted already."""
    NOT_ELIGIBLE = "not_eligible"
    UNSIGNED = "unsigned"
    LATE = "late"
    UNREADABLE = "unreadable"
    STRUCK = "struck"
    """It was entered by mistake."""
    ONLINE = "online"
    """The person voted on the web afterwards."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a slip; `why` is empty when its ballot may be opened."""

    number: int
    why: SetAside | None = None
    words: str = ""
    replaced: bool = False
    """Whether it took the place of a ballot on the web."""


def enter(
    edition: Edition,
    batch_id: UUID,
    typed: Mapping[PersonField, str],
    attested: Mapping[str, str],
    by: Account,
) -> Entered:
    """Enter who voted, from a signed slip: from now on she cannot vote again.

    By the city's policy a vote on the web stays or gives way; an envelope that may not be opened is set aside. Raises
    Invalid for what cannot be read, PaperNotOpen, Conflict.
    """
    enter_unsealed_box(edition)
    batch = _open(edition, batch_id)
    number = _next(batch)
    try:
        found = person(edition, typed, attested)
    except NotEligible as error:
        return _aside(edition, batch, number, SetAside.NOT_ELIGIBLE, by, words=" ".join(error.reasons))
    replaced = _make_way(edition, found)
    try:
        with db.session.begin_nested():
            voter = Voter(found.name, b"", Channel.PAPER, statements=found.statements)
            if not enter_on_roll(edition, voter, found.keys):
                raise VotedAlready(_("She has voted on paper already."))
    except VotedAlready as error:
        return _aside(edition, batch, number, SetAside.VOTED, by, words=str(error))
    db.session.add(_slip(edition, batch, number, by, voter=found.name))
    end_all(edition, found.name)
    return Entered(number, replaced=replaced)


def refuse(edition: Edition, batch_id: UUID, why: SetAside, by: Account) -> Entered:
    """Set an envelope aside whose slip says nothing that counts."""
    enter_unsealed_box(edition)
    if why not in (SetAside.UNSIGNED, SetAside.LATE, SetAside.UNREADABLE):
        raise Invalid(_("Choose why the envelope is set aside."))
    batch = _open(edition, batch_id)
    return _aside(edition, batch, _next(batch), why, by)


def strike(edition: Edition, batch_id: UUID, number: int, reason: str, by: Account) -> None:
    """Take back a slip that was entered by mistake; the person can vote again. Raises Invalid, Conflict."""
    enter_unsealed_box(edition)
    batch = _open(edition, batch_id)
    if not reason.strip():
        raise Invalid(_("Write why."))
    slip = db.session.get(PaperSlip, {"batch_id": batch.id, "number": number}, with_for_update=True)
    if slip is None or slip.voter is None:
        raise Invalid(_("This batch has no such slip, or its envelope was set aside."))
    off_roll(edition, slip.voter, Channel.PAPER)
    slip.voter, slip.set_aside = None, SetAside.STRUCK
    audit(
        "participatory_budget.slip_struck",
        subject=f"edition:{edition.id}",
        batch=batch.number,
        number=number,
        reason=reason.strip()[:200],
    )


def counted(batch: PaperBatch) -> tuple[int, Mapping[str, int]]:
    """Return how many voters a batch has, and how many envelopes were set aside, by reason."""
    rows = db.session.execute(
        select(PaperSlip.set_aside, func.count())
        .where(PaperSlip.batch_id == batch.id)
        .group_by(PaperSlip.set_aside)
    ).all()
    aside = {row[0]: row[1] for row in rows if row[0]}
    return sum(row[1] for row in rows if not row[0]), aside


def numbers_aside(batch: PaperBatch) -> list[tuple[int, str]]:
    """Return the numbers of the envelopes that stay closed, with the reason."""
    rows = db.session.execute(
        select(PaperSlip.number, PaperSlip.set_aside)
        .where(PaperSlip.batch_id == batch.id, PaperSlip.set_aside != "")
        .order_by(PaperSlip.number)
        .limit(1000)
    )
    return [(row[0], row[1]) for row in rows]


def _make_way(edition: Edition, found: Person) -> bool:
    """Take a ballot on the web out of the box where the city wants the one on paper to count."""
    if access_of(edition).duplicates is not Duplicates.PAPER:
        return False
    replaced = False
    while (taken := holder(edition, found.keys, but=found.name)) is not None:
        on_paper = select(PaperSlip.number).where(
            PaperSlip.edition_id == edition.id, PaperSlip.voter == taken.voter
        )
        if db.session.execute(on_paper).first() is not None:
            break
        if take_out(edition, taken.voter):
            ask_to_tell(edition, taken.voter)
            replaced = True
        end_all(edition, taken.voter)
    # At a polling place with a screen she has the same name.
    same = db.session.get(RollEntry, {"edition_id": edition.id, "voter": found.name})
    if same is not None and not _has_slip(edition, found.name):
        replaced = take_out(edition, found.name) or replaced
        db.session.expunge(same)
    return replaced


def _has_slip(edition: Edition, name: bytes) -> bool:
    mine = select(PaperSlip.number).where(PaperSlip.edition_id == edition.id, PaperSlip.voter == name)
    return db.session.execute(mine).first() is not None


def _open(edition: Edition, batch_id: UUID) -> PaperBatch:
    batch = batch_of(edition, batch_id, lock=True)
    if batch.state is not BatchState.SLIPS:
        raise Conflict(
            _("The envelopes of this batch are open: no more slips are entered. Make another batch.")
        )
    return batch


def _next(batch: PaperBatch) -> int:
    last = db.session.scalar(select(func.max(PaperSlip.number)).where(PaperSlip.batch_id == batch.id))
    return (last or 0) + 1


def _aside(
    edition: Edition, batch: PaperBatch, number: int, why: SetAside, by: Account, *, words: str = ""
) -> Entered:
    db.session.add(_slip(edition, batch, number, by, why=why))
    return Entered(number, why, words)


def _slip(
    edition: Edition,
    batch: PaperBatch,
    number: int,
    by: Account,
    *,
    voter: bytes | None = None,
    why: SetAside | None = None,
) -> PaperSlip:
    return PaperSlip(
        batch_id=batch.id,
        number=number,
        edition_id=edition.id,
        voter=voter,
        set_aside=why.value if why else "",
        entered_by=by.id,
    )
