"""The count: reads the sealed ballots batch by batch, and goes on wherever it was interrupted.

Each batch is one transaction that moves the votes, the place reached and the request for the next batch
together. A batch that is delivered twice finds its place already passed and does nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from app.sdk import Conflict, NotFound, _, audit, db, enqueue, now

from ..models import Count, CountState, Edition, Failure, SealedBallot
from ..rules.ballots import decode_choices
from ..rules.checklist import Task, opening_checklist
from ..rules.phases import Stage, may_count
from ..rules.tally import Tally
from . import followers
from .editions import by_id, count_rule, options, setup_of, tell
from .finding import find_with_projects
from .publishing import draw_up, excluded, protocol_of

BATCH = 2000
LOOKED_AFTER = timedelta(minutes=1)
_SECOND_COUNT = text(
    "SELECT get_byte(choices, 2 * i) * 256 + get_byte(choices, 2 * i + 1) AS number, count(*) AS votes"
    " FROM participatory_budget_sealed_ballot, generate_series(0, octet_length(choices) / 2 - 1) AS i"
    " WHERE edition_id = :edition GROUP BY 1"
)


def start(edition: Edition) -> Count:
    """Begin a count of the sealed ballots; the worker does it."""
    edition.stage = Stage.COUNTING
    find_with_projects(edition)
    total = db.session.scalar(
        select(func.count()).select_from(SealedBallot).where(SealedBallot.edition_id == edition.id)
    )
    votes = {str(option.number): 0 for option in options(edition)}
    count = Count(edition_id=edition.id, total=total or 0, votes=votes, started_at=now())
    db.session.add(count)
    db.session.flush()
    enqueue("participatory_budget.count", count_id=str(count.id), read=0)
    enqueue("participatory_budget.resume_counts", at=now() + LOOKED_AFTER)
    audit("participatory_budget.count_started", subject=f"edition:{edition.id}", ballots=count.total)
    return count


def start_again(edition_id: UUID) -> Count:
    """Count again before the result is published, or count what was imported; raises Conflict otherwise."""
    edition = by_id(edition_id, lock=True)
    if not may_start(edition):
        raise Conflict(_("There is nothing to count now."))
    if edition.sealed_at is None:
        raise Conflict(_("The ballots are not sealed yet."))
    if edition.imported and not money_is_complete(edition):
        raise Conflict(_("Say first how much money there is, for each category where they have their own."))
    running = latest(edition)
    if running is not None and running.state is CountState.RUNNING:
        raise Conflict(_("A count is already running."))
    return start(edition)


def may_start(edition: Edition) -> bool:
    """Tell whether ballots can be counted: after the close, or once they were imported, until the publication."""
    if edition.imported and edition.stage is Stage.DRAFT:
        return True
    return may_count(edition.stage, edition.window, now())


def money_is_complete(edition: Edition) -> bool:
    """Tell whether every project has money to compete for."""
    checks = {check.task: check.done for check in opening_checklist(setup_of(edition), now())}
    return checks[Task.MONEY] and checks[Task.CATEGORIES]


def latest(edition: Edition) -> Count | None:
    """Return the newest count of an edition."""
    found = select(Count).where(Count.edition_id == edition.id)
    return db.session.scalar(found.order_by(Count.started_at.desc(), Count.id.desc()).limit(1))


def go_on(count_id: UUID, read: int) -> None:
    """Count the next batch, if this is still where the count stands."""
    # Whoever holds the count is at this very batch; waiting for that would keep a worker from all other work.
    count = db.session.get(Count, count_id, with_for_update={"skip_locked": True})
    if count is None or count.state is not CountState.RUNNING or count.read != read:
        return
    try:
        with db.session.begin_nested():
            _read_batch(count)
    except (ValueError, LookupError):
        # What is stored cannot be counted, now or later: trying again would not help, a person must look.
        _fail(count, Failure.UNREADABLE)


def resume() -> int:
    """Ask again for the next batch of every running count, in case its message was lost; returns how many run.

    A count whose message was not lost gets a second one: whichever comes later finds its place passed.
    """
    running = db.session.scalars(select(Count).where(Count.state == CountState.RUNNING).limit(20)).all()
    for count in running:
        enqueue("participatory_budget.count", count_id=str(count.id), read=count.read)
    return len(running)


def publish_result(edition_id: UUID) -> Edition:
    """Show the counted result to everybody; raises Conflict when there is none."""
    edition = by_id(edition_id, lock=True)
    count = latest(edition)
    if edition.stage is not Stage.COUNTED or count is None or count.state is not CountState.DONE:
        raise Conflict(_("There is no counted result to publish."))
    if not is_current(edition, count):
        raise Conflict(_("Something has changed since the count. Count again, then publish."))
    edition.stage = Stage.RESULTS
    edition.published_at = now()
    audit(
        "participatory_budget.result_published", subject=f"edition:{edition.id}", sha256=count.ballots_sha256
    )
    tell(edition, "result_published")
    followers.tell_result(edition)
    return edition


def is_current(edition: Edition, count: Count) -> bool:
    """Tell whether a finished count still follows from the rule and the excluded projects of its edition."""
    protocol = protocol_of(count)
    return protocol.rule == count_rule(edition) and protocol.excluded == excluded(edition)


def finished(edition: Edition) -> Count:
    """Return the newest complete count; raises NotFound when there is none."""
    done = select(Count).where(Count.edition_id == edition.id, Count.state == CountState.DONE)
    count = db.session.scalar(done.order_by(Count.started_at.desc(), Count.id.desc()).limit(1))
    if count is None:
        raise NotFound(_("The ballots have not been counted yet."))
    return count


def _read_batch(count: Count) -> None:
    tally = Tally({int(number): votes for number, votes in count.votes.items()}, count.read, count.blank)
    for choices in _batch(count):
        tally.add(decode_choices(choices))
    count.votes = {str(number): votes for number, votes in tally.votes.items()}
    count.read, count.blank = tally.ballots, tally.blank
    if count.read < count.total:
        enqueue("participatory_budget.count", count_id=str(count.id), read=count.read)
    else:
        _finish(count, tally)


def _batch(count: Count) -> Sequence[bytes]:
    mine = select(SealedBallot.choices).where(
        SealedBallot.edition_id == count.edition_id, SealedBallot.position > count.read
    )
    return db.session.scalars(mine.order_by(SealedBallot.position).limit(BATCH)).all()


def _finish(count: Count, tally: Tally) -> None:
    edition = by_id(count.edition_id, lock=True)
    second = {row.number: row.votes for row in db.session.execute(_SECOND_COUNT, {"edition": edition.id})}
    if {n: v for n, v in tally.votes.items() if v} != second:
        _fail(count, Failure.TWO_COUNTS_DIFFER)
        return
    protocol, digest = draw_up(edition, tally)
    count.protocol, count.ballots_sha256 = protocol, digest
    count.state, count.finished_at = CountState.DONE, now()
    edition.stage = Stage.COUNTED
    audit("participatory_budget.counted", subject=f"edition:{edition.id}", ballots=count.total, sha256=digest)


def _fail(count: Count, failure: Failure) -> None:
    count.state, count.failure, count.finished_at = CountState.FAILED, failure, now()
    audit("participatory_budget.count_failed", subject=f"edition:{count.edition_id}", reason=failure)
