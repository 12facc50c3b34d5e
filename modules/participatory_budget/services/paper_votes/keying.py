"""Keying ballots: two people read each ballot without seeing what the other has read; a third decides where they differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.sdk import Account, Conflict, Forbidden, Invalid, _, audit, db, now

from ...models import BatchState, Edition, PaperBatch, PaperEntry, PaperKeying
from ...rules.checks import check_ballot, contest_options
from ...rules.marks import encode_marks, in_one, marks_within
from ...rules.paper_ballots import Difference, Flaw, Reading, differences
from ..editions import options
from ..taking_part import rules_on_ballot
from ..wording import problem_text
from .batches import batch_of
from .box import PaperBallot, enter_unsealed_box, put_paper

FIRST, SECOND, THIRD = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Work:
    """What a clerk has keyed of a batch so far."""

    turn: int
    done: int
    declared: int
    finished: bool


def begin(edition: Edition, batch_id: UUID, by: Account) -> Work:
    """Take the first or the second turn at a batch, or go on with one's own.

    Nobody gets both: the constraint on the person keeps two clerks who begin at once apart as well. Raises Conflict,
    Forbidden.
    """
    batch = _keyed(edition, batch_id)
    mine = _turn_of(batch, by)
    if mine is not None:
        return work_of(batch, mine)
    taken = set(db.session.scalars(select(PaperKeying.turn).where(PaperKeying.batch_id == batch.id)))
    free = [turn for turn in (FIRST, SECOND) if turn not in taken]
    if not free:
        raise Conflict(_("Two people key this batch already."))
    return work_of(batch, _take(batch, free[0], by))


def enter(edition: Edition, batch_id: UUID, serial: int, reading: Reading, by: Account) -> Work:
    """Keep what a clerk has read on one ballot; the same number again replaces it. Raises Invalid, Conflict.

    What breaks the rule of the ballot is refused: it is a flaw, or was read wrongly.
    """
    batch = _keyed(edition, batch_id)
    mine = _turn_of(batch, by)
    if mine is None or mine.turn == THIRD:
        raise Conflict(_("Begin to key this batch first."))
    if mine.finished_at is not None:
        raise Conflict(_("You have finished this batch. What you keyed can no longer change."))
    _must_be_paper(batch, serial)
    if reading.flaw is Flaw.ABSENT:
        raise Invalid(_("Choose why the ballot is not valid."))
    read = _checked(edition, batch, reading)
    row = {"batch_id": batch.id, "turn": mine.turn, "serial": serial, **_columns(read), "reason": ""}
    kept = insert(PaperEntry).values(row)
    key = ["batch_id", "turn", "serial"]
    db.session.execute(kept.on_conflict_do_update(index_elements=key, set_=_columns(read)))
    found = work_of(batch, mine)
    if found.done > found.declared:
        raise Invalid(
            _(
                "You have keyed %(num)s ballots already, as many as the batch has. Check the number.",
                num=found.declared,
            )
        )
    return found


def forget(edition: Edition, batch_id: UUID, serial: int, by: Account) -> None:
    """Take back what a clerk has keyed under a wrong number."""
    batch = _keyed(edition, batch_id)
    mine = _turn_of(batch, by)
    if mine is None or mine.finished_at is not None:
        raise Conflict(_("You have finished this batch. What you keyed can no longer change."))
    entry = (PaperEntry.batch_id == batch.id, PaperEntry.turn == mine.turn, PaperEntry.serial == serial)
    db.session.execute(delete(PaperEntry).where(*entry))


def finish(edition: Edition, batch_id: UUID, by: Account) -> PaperBatch:
    """End one's turn; when both have ended and agree, the ballots go into the box. Raises Conflict."""
    enter_unsealed_box(edition)
    batch = _keyed(edition, batch_id)
    mine = _turn_of(batch, by)
    if mine is None or mine.turn == THIRD:
        raise Conflict(_("Begin to key this batch first."))
    found = work_of(batch, mine)
    if found.done != found.declared:
        raise Conflict(
            _(
                "The batch has %(declared)s ballots, and you have keyed %(done)s.",
                declared=found.declared,
                done=found.done,
            )
        )
    mine.finished_at = mine.finished_at or now()
    db.session.flush()
    audit(
        "participatory_budget.batch_keyed",
        subject=f"edition:{edition.id}",
        batch=batch.number,
        turn=mine.turn,
    )
    _put_if_agreed(edition, batch)
    return batch


def both_finished(batch: PaperBatch) -> bool:
    """Tell whether the first and the second reading are there."""
    ended = select(func.count()).select_from(PaperKeying)
    mine = (PaperKeying.batch_id == batch.id, PaperKeying.turn.in_((FIRST, SECOND)))
    return db.session.scalar(ended.where(*mine, PaperKeying.finished_at.is_not(None))) == 2


def undecided(batch: PaperBatch) -> list[Difference]:
    """Return where the two readings differ and nobody has decided; none before both are finished."""
    if not both_finished(batch):
        return []
    decided = _readings(batch, THIRD)
    return [one for one in _differences(batch) if one.serial not in decided]


def decide(
    edition: Edition, batch_id: UUID, serial: int, reading: Reading, *, reason: str, by: Account
) -> PaperBatch:
    """Decide as a third person what stands on a ballot that two have read differently; raises Forbidden, Invalid."""
    enter_unsealed_box(edition)
    batch = _keyed(edition, batch_id)
    if serial not in {one.serial for one in undecided(batch)}:
        raise Conflict(_("The two readings of this ballot do not differ, or it is decided."))
    if not reason.strip():
        raise Invalid(_("Write what you see on the ballot."))
    mine = _turn_of(batch, by)
    if mine is not None and mine.turn != THIRD:
        raise Forbidden(_("Somebody has to decide who has not keyed this batch."))
    if mine is None:
        if db.session.get(PaperKeying, {"batch_id": batch.id, "turn": THIRD}) is not None:
            raise Conflict(_("Somebody else decides about this batch."))
        mine = _take(batch, THIRD, by)
    read = _checked(edition, batch, reading)
    db.session.add(
        PaperEntry(
            batch_id=batch.id, turn=THIRD, serial=serial, **_columns(read), reason=reason.strip()[:300]
        )
    )
    db.session.flush()
    audit(
        "participatory_budget.paper_decided",
        subject=f"edition:{edition.id}",
        batch=batch.number,
        serial=serial,
    )
    _put_if_agreed(edition, batch)
    return batch


def recount(edition: Edition, batch_id: UUID, reason: str) -> None:
    """Throw away both readings of a batch whose papers themselves were mixed up: two people begin anew."""
    batch = _keyed(edition, batch_id)
    if not reason.strip():
        raise Invalid(_("Write why."))
    for kind in (PaperEntry, PaperKeying):
        db.session.execute(delete(kind).where(kind.batch_id == batch.id))
    audit(
        "participatory_budget.batch_restarted",
        subject=f"edition:{edition.id}",
        batch=batch.number,
        reason=reason.strip()[:200],
    )


def work_of(batch: PaperBatch, mine: PaperKeying) -> Work:
    """Return how far a clerk has come."""
    entered = select(func.count()).select_from(PaperEntry)
    done = db.session.scalar(entered.where(PaperEntry.batch_id == batch.id, PaperEntry.turn == mine.turn))
    return Work(mine.turn, done or 0, batch.declared or 0, mine.finished_at is not None)


def my_work(batch: PaperBatch, by: Account) -> Work | None:
    """Return what somebody has keyed of a batch; None when she has no turn."""
    mine = _turn_of(batch, by)
    return work_of(batch, mine) if mine is not None else None


def my_entries(batch: PaperBatch, by: Account) -> Mapping[int, Reading]:
    """Return what somebody has read in her own turn, and nothing of the other's."""
    mine = _turn_of(batch, by)
    return _readings(batch, mine.turn) if mine is not None else {}


def _put_if_agreed(edition: Edition, batch: PaperBatch) -> None:
    if not both_finished(batch) or undecided(batch):
        return
    read = {**_readings(batch, FIRST), **_readings(batch, THIRD)}
    agreed = {serial: one for serial, one in read.items() if one.flaw is not Flaw.ABSENT}
    if len(agreed) != batch.declared:
        return
    valid = [one for one in agreed.values() if one.flaw is None]
    put_paper(edition, [PaperBallot(_stored(edition, batch, one), batch.district) for one in valid])
    flaws = [one.flaw.value for one in agreed.values() if one.flaw is not None]
    batch.invalid = {flaw: flaws.count(flaw) for flaw in sorted(set(flaws))}
    batch.put, batch.put_at, batch.state = len(valid), now(), BatchState.IN_BOX
    audit(
        "participatory_budget.batch_in_box",
        subject=f"edition:{edition.id}",
        batch=batch.number,
        put=batch.put,
        invalid=len(flaws),
    )


def _keyed(edition: Edition, batch_id: UUID) -> PaperBatch:
    batch = batch_of(edition, batch_id, lock=True)
    if batch.state is not BatchState.KEYING:
        raise Conflict(_("This batch is not being keyed."))
    return batch


def _turn_of(batch: PaperBatch, by: Account) -> PaperKeying | None:
    mine = select(PaperKeying).where(PaperKeying.batch_id == batch.id, PaperKeying.clerk_id == by.id)
    return db.session.scalar(mine)


def _take(batch: PaperBatch, turn: int, by: Account) -> PaperKeying:
    made = PaperKeying(batch_id=batch.id, turn=turn, clerk_id=by.id, begun_at=now())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just begun this. Load the page again.")) from error
    return made


def _readings(batch: PaperBatch, turn: int) -> dict[int, Reading]:
    mine = select(PaperEntry).where(PaperEntry.batch_id == batch.id, PaperEntry.turn == turn)
    return {
        one.serial: Reading(
            {int(number): mark for number, mark in one.marks.items()},
            Flaw(one.invalid) if one.invalid else None,
        )
        for one in db.session.scalars(mine)
    }


def _differences(batch: PaperBatch) -> list[Difference]:
    return differences(_readings(batch, FIRST), _readings(batch, SECOND))


def _must_be_paper(batch: PaperBatch, serial: int) -> None:
    most = batch.printed or max(batch.declared or 0, 1)
    if not 1 <= serial <= most:
        raise Invalid(_("The papers of this batch have numbers from 1 to %(most)s.", most=most))


def _checked(edition: Edition, batch: PaperBatch, reading: Reading) -> Reading:
    """Return a reading as it is kept; raises Invalid for marks that the rule does not allow."""
    if reading.flaw is not None:
        return Reading({}, reading.flaw)
    paper = {option.number: option for option in options(edition)}
    rules = rules_on_ballot(edition, batch.district)
    problems = check_ballot(reading.marks, paper, rules, edition.contests_by)
    if problems:
        raise Invalid(
            " ".join(problem_text(problem, edition) for problem in problems)
            + " "
            + _("If the ballot says so, it is not valid: choose why.")
        )
    return Reading(dict(sorted(reading.marks.items())))


def _stored(edition: Edition, batch: PaperBatch, reading: Reading) -> bytes:
    paper = {option.number: option for option in options(edition)}
    parts = [
        marks_within(edition.ballot_type, reading.marks, contest_options(paper, edition.contests_by, key))
        for key in rules_on_ballot(edition, batch.district)
    ]
    return encode_marks(edition.ballot_type, in_one(edition.ballot_type, parts))


def _columns(reading: Reading) -> dict[str, object]:
    marks = {str(number): mark for number, mark in reading.marks.items()}
    return {"marks": marks, "invalid": reading.flaw.value if reading.flaw else ""}
