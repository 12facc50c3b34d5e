"""The count: reads the sealed ballots part by part, and goes on wherever it was interrupted.

Each part is one transaction that moves the sums, the place reached and the request for the next part together. A part
that is delivered twice finds its place already passed and does nothing. Meanwhile the database counts a second time in
its own words. When all is read, the money is handed out; when both counts are there and agree, what would be published
is counted anew as anybody can.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.sdk import Conflict, NotFound, _, audit, db, enqueue, now

from ..fast.sums import Marked
from ..models import ContestResult, Count, CountState, Edition, Failure, SealedBallot
from ..rules.checklist import Task, opening_checklist
from ..rules.contests import CITYWIDE
from ..rules.counting.optimum import TooManyTotals
from ..rules.phases import Stage, may_count
from ..rules.protocol import write_protocol
from . import recounting
from .deciding import contests_in_order, decide, excluded
from .editions import by_id, options, setup_of
from .finding import find_with_projects
from .frozen import is_as_frozen, must_be_as_frozen
from .projects import project_names
from .publishing import protocols_of
from .reading import counted_by_database, read_batch, together
from .rules_of import count_rule

LEAST, PARTS = 2000, 16
"""So many ballots are read at once, or so many times what has been read is stored: whichever makes fewer parts."""
LOOKED_AFTER = timedelta(minutes=1)


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
    audit("participatory_budget.count_started", subject=f"edition:{edition.id}", ballots=count.total)
    if not is_as_frozen(edition):
        _fail(count, Failure.RULES_DIFFER)
        return count
    _ask_for_more(count)
    _ask_database(count)
    enqueue("participatory_budget.resume_counts", at=now() + LOOKED_AFTER)
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
    must_be_as_frozen(edition)
    edition.publish_at = None
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


def finished(edition: Edition) -> Count:
    """Return the newest complete count; raises NotFound when there is none."""
    done = select(Count).where(Count.edition_id == edition.id, Count.state == CountState.DONE)
    count = db.session.scalar(done.order_by(Count.started_at.desc(), Count.id.desc()).limit(1))
    if count is None:
        raise NotFound(_("The ballots have not been counted yet."))
    return count


def go_on(count_id: UUID, read: int) -> None:
    """Do the next part of a count, if this is still where it stands."""
    # A message that comes too late is turned away before the lock: whose turn it is would meet it there, and be lost.
    count = _running(count_id)
    if count is None or _place(count) != read or not _alone(f"count {count_id}"):
        return
    count = _running(count_id)
    if count is None:
        return
    if _place(count) != read:
        _ask_for_more(count)
        return
    try:
        with db.session.begin_nested():
            _do_next(count)
    except TooManyTotals:
        _fail(count, Failure.TOO_MANY_TOTALS)
    except (ValueError, LookupError):
        # What is stored cannot be counted, now or later: trying again would not help, a person must look.
        _fail(count, Failure.UNREADABLE)


def count_again(count_id: UUID) -> None:
    """Have the database count in its own words, beside the first count; whichever ends later goes on."""
    if not _alone(f"count again {count_id}"):
        return
    count = _running(count_id)
    if count is None or count.second_sha256:
        return
    edition = by_id(count.edition_id)
    second = recounting.digest(counted_by_database(edition.id, edition.ballot_type))
    # The first count writes at the end of each part only: this waits for no more than that.
    db.session.refresh(count, with_for_update=True)
    if count.state is CountState.RUNNING:
        count.second_sha256 = second
        _ask_for_more(count)


def resume() -> int:
    """Ask again for what every running count needs, in case a message was lost; returns how many run.

    A count whose message was not lost gets a second one: whichever comes later finds its place passed.
    """
    running = db.session.scalars(select(Count).where(Count.state == CountState.RUNNING).limit(20)).all()
    for count in running:
        _ask_for_more(count)
        if not count.second_sha256:
            _ask_database(count)
    return len(running)


def is_current(edition: Edition, count: Count) -> bool:
    """Tell whether a finished count still follows from the rules and the projects of its edition.

    Titles can be corrected at any time: what people sign names the projects as everybody will read them.
    """
    protocols = [protocol for _text, protocol in protocols_of(count)]
    out = {number: why for protocol in protocols for number, why in protocol.excluded.items()}
    named = {entry.number: entry.name for protocol in protocols for entry in protocol.projects}
    return (
        out == excluded(edition)
        and named == project_names(edition)
        and all(protocol.rule == count_rule(edition, protocol.contest) for protocol in protocols)
    )


def _place(count: Count) -> int:
    """Return how far a count has come, as one number that only ever grows."""
    return count.read + count.step


def _ask_for_more(count: Count) -> None:
    enqueue("participatory_budget.count", count_id=str(count.id), read=_place(count))


def _ask_database(count: Count) -> None:
    enqueue("participatory_budget.count_again", count_id=str(count.id))


def _alone(name: str) -> bool:
    """Tell whether nobody else does this now; waiting for that would keep a worker from all other work."""
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0)))))


def _running(count_id: UUID) -> Count | None:
    count = db.session.get(Count, count_id, populate_existing=True)
    return count if count is not None and count.state is CountState.RUNNING else None


def _do_next(count: Count) -> None:
    if count.read < count.total:
        _read(count)
    elif count.step == 0:
        count.first_sha256 = recounting.digest(_marks(count))
        count.step = 1
    elif count.step == 1:
        _decide(count)
    elif not _has_second(count):
        # The second count asks for more as soon as it is there.
        return
    elif count.first_sha256 != count.second_sha256:
        _fail(count, Failure.TWO_COUNTS_DIFFER)
    else:
        _decide_again(count)
    if count.state is CountState.RUNNING:
        _ask_for_more(count)


def _has_second(count: Count) -> bool:
    """Tell whether the second count is there; one that is not asks for more after this transaction, not during it."""
    if not count.second_sha256:
        db.session.refresh(count, with_for_update=True)
    return bool(count.second_sha256)


def _read(count: Count) -> None:
    edition = by_id(count.edition_id)
    until = count.read + max(LEAST, -(-count.total // PARTS))
    found = read_batch(edition.id, edition.ballot_type, after=count.read, until=until)
    if not found.ballots:
        raise LookupError(f"{count.total} ballots announced, {count.read} found")
    sums = together([_marks(count), found.marks])
    count.marks = _stored(sums)
    votes = {n: sum(given.values()) for part in sums.values() for n, given in part.items()}
    count.votes = {number: votes.get(int(number), 0) for number in count.votes}
    count.read, count.blank = count.read + found.ballots, count.blank + found.blank


def _decide(count: Count) -> None:
    edition = by_id(count.edition_id)
    protocols = decide(edition, _marks(count), blank=count.blank)
    for position, protocol in enumerate(protocols, start=1):
        result = ContestResult(
            count_id=count.id,
            contest=protocol.contest,
            position=position,
            protocol=write_protocol(protocol),
            ballots_sha256=protocol.ballots_sha256,
        )
        db.session.add(result)
    count.step = 2


def _decide_again(count: Count) -> None:
    """Count what would be published anew, where that is a matter of minutes, and end the count."""
    edition = by_id(count.edition_id, lock=True)
    if not is_as_frozen(edition):
        _fail(count, Failure.RULES_DIFFER)
        return
    texts = [(text, protocol) for text, protocol in protocols_of(count)]
    if recounting.is_feasible(protocol for _text, protocol in texts):
        for text, protocol in texts:
            if not recounting.agrees(edition.id, protocol, json.loads(text)):
                _fail(count, Failure.TWO_RESULTS_DIFFER)
                return
        count.recounted = True
    contests = contests_in_order(edition)
    main = CITYWIDE if CITYWIDE in contests else contests[-1]
    text, protocol = next((text, one) for text, one in texts if one.contest == main)
    count.protocol, count.ballots_sha256 = text, protocol.ballots_sha256
    count.state, count.finished_at = CountState.DONE, now()
    edition.stage = Stage.COUNTED
    audit(
        "participatory_budget.counted",
        subject=f"edition:{edition.id}",
        ballots=count.total,
        sha256=recounting.result_digest(text for text, _protocol in texts),
    )


def _marks(count: Count) -> Mapping[str, Marked]:
    return {
        contest: {int(n): {int(mark): times for mark, times in given.items()} for n, given in part.items()}
        for contest, part in count.marks.items()
    }


def _stored(sums: Mapping[str, Marked]) -> dict[str, dict[str, dict[str, int]]]:
    return {
        contest: {str(n): {str(mark): times for mark, times in given.items()} for n, given in part.items()}
        for contest, part in sums.items()
    }


def _fail(count: Count, failure: Failure) -> None:
    count.state, count.failure, count.finished_at = CountState.FAILED, failure, now()
    audit("participatory_budget.count_failed", subject=f"edition:{count.edition_id}", reason=failure)
