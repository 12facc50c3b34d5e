"""The count: reads the sealed ballots batch by batch, and goes on wherever it was interrupted.

Each batch is one transaction that moves the votes, the place reached and the request for the next batch
together. A batch that is delivered twice finds its place already passed and does nothing.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text

from app.sdk import Conflict, NotFound, _, audit, db, enqueue, now

from ..models import Count, CountState, Edition, SealedBallot
from ..rules.ballots import decode_choices
from ..rules.phases import Stage, may_count
from ..rules.tally import Tally
from .editions import by_id, options
from .publishing import draw_up

BATCH = 2000
_SECOND_COUNT = text(
    "SELECT get_byte(choices, 2 * i) * 256 + get_byte(choices, 2 * i + 1) AS number, count(*) AS votes"
    " FROM participatory_budget_sealed_ballot, generate_series(0, octet_length(choices) / 2 - 1) AS i"
    " WHERE edition_id = :edition GROUP BY 1"
)


def start(edition: Edition) -> Count:
    """Begin a count of the sealed ballots; the worker does it."""
    edition.stage = Stage.COUNTING
    total = db.session.scalar(
        select(func.count()).select_from(SealedBallot).where(SealedBallot.edition_id == edition.id)
    )
    votes = {str(option.number): 0 for option in options(edition)}
    count = Count(edition_id=edition.id, total=total or 0, votes=votes, started_at=now())
    db.session.add(count)
    db.session.flush()
    enqueue("participatory_budget.count", count_id=str(count.id), read=0)
    audit("participatory_budget.count_started", subject=f"edition:{edition.id}", ballots=count.total)
    return count


def start_again(edition_id: UUID) -> Count:
    """Count again before the result is published, or count what was imported; raises Conflict otherwise."""
    edition = by_id(edition_id, lock=True)
    if not (edition.imported and edition.stage is Stage.DRAFT) and not may_count(
        edition.stage, edition.window, now()
    ):
        raise Conflict(_("There is nothing to count now."))
    if edition.sealed_at is None:
        raise Conflict(_("The ballots are not sealed yet."))
    running = latest(edition)
    if running is not None and running.state is CountState.RUNNING:
        raise Conflict(_("A count is already running."))
    return start(edition)


def latest(edition: Edition) -> Count | None:
    """Return the newest count of an edition."""
    found = select(Count).where(Count.edition_id == edition.id)
    return db.session.scalar(found.order_by(Count.started_at.desc(), Count.id.desc()).limit(1))


def go_on(count_id: UUID, read: int) -> None:
    """Count the next batch, if this is still where the count stands."""
    count = db.session.get(Count, count_id, with_for_update=True)
    if count is None or count.state is not CountState.RUNNING or count.read != read:
        return
    tally = Tally({int(number): votes for number, votes in count.votes.items()}, count.read, count.blank)
    batch = _batch(count)
    for choices in batch:
        tally.add(decode_choices(choices))
    count.votes = {str(number): votes for number, votes in tally.votes.items()}
    count.read, count.blank = tally.ballots, tally.blank
    if count.read < count.total:
        enqueue("participatory_budget.count", count_id=str(count.id), read=count.read)
    else:
        _finish(count, tally)


def publish_result(edition_id: UUID) -> Edition:
    """Show the counted result to everybody; raises Conflict when there is none."""
    edition = by_id(edition_id, lock=True)
    count = latest(edition)
    if edition.stage is not Stage.COUNTED or count is None or count.state is not CountState.DONE:
        raise Conflict(_("There is no counted result to publish."))
    edition.stage = Stage.RESULTS
    edition.published_at = now()
    audit(
        "participatory_budget.result_published", subject=f"edition:{edition.id}", sha256=count.ballots_sha256
    )
    return edition


def finished(edition: Edition) -> Count:
    """Return the newest complete count; raises NotFound when there is none."""
    done = select(Count).where(Count.edition_id == edition.id, Count.state == CountState.DONE)
    count = db.session.scalar(done.order_by(Count.started_at.desc(), Count.id.desc()).limit(1))
    if count is None:
        raise NotFound(_("The ballots have not been counted yet."))
    return count


def _batch(count: Count) -> Sequence[bytes]:
    mine = select(SealedBallot.choices).where(
        SealedBallot.edition_id == count.edition_id, SealedBallot.position > count.read
    )
    return db.session.scalars(mine.order_by(SealedBallot.position).limit(BATCH)).all()


def _finish(count: Count, tally: Tally) -> None:
    edition = by_id(count.edition_id, lock=True)
    count.finished_at = now()
    second = {row.number: row.votes for row in db.session.execute(_SECOND_COUNT, {"edition": edition.id})}
    if {n: v for n, v in tally.votes.items() if v} != second:
        count.state = CountState.FAILED
        count.failure = "the database counts other votes than the count did"
        audit("participatory_budget.count_failed", subject=f"edition:{edition.id}")
        return
    protocol, digest = draw_up(edition, tally)
    count.protocol, count.ballots_sha256 = protocol, digest
    count.state = CountState.DONE
    edition.stage = Stage.COUNTED
    audit("participatory_budget.counted", subject=f"edition:{edition.id}", ballots=count.total, sha256=digest)
