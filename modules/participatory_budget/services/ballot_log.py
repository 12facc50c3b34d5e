"""The ballot log: nothing that was cast can be taken out again without everybody seeing it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import delete, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert

from app.sdk import current_city, db, now

from ..models import Edition, LogBatch, LogEntry, WaitingLeaf
from ..rules.chain import START, Batch
from ..rules.proof import merkle_root

EVERY = timedelta(minutes=1)
CROWD = 10
"""Fewer leaves than this wait for more: who votes alone in a minute would be known by her leaf."""
LONGEST = timedelta(hours=1)
"""So long they wait at most."""
CHUNK = 5000


def append(edition: Edition, leaf: bytes) -> None:
    """Write the leaf of a receipt into the log, in the transaction that puts its ballot into the box."""
    waiting = insert(WaitingLeaf).values(edition_id=edition.id, leaf=leaf)
    db.session.execute(waiting.on_conflict_do_nothing())


def seal_batch(edition: Edition, *, last: bool = False) -> LogBatch | None:
    """Link what waits to the chain as its next batch; the last batch waits for no crowd. None when there is none.

    Voters are not kept waiting: who commits while this runs is in the next batch.
    """
    _alone(edition)
    before = head(edition)
    waiting = _number_waiting(edition)
    if not waiting or not (last or waiting >= CROWD or _is_long_ago(edition, before)):
        return None
    number = before.number + 1 if before else 1
    leaves = _take(edition, number)
    if not leaves:
        return None
    linked = Batch(number, len(leaves), merkle_root(leaves), before.hash if before else START)
    batch = LogBatch(
        edition_id=edition.id,
        number=number,
        leaves=linked.leaves,
        root=linked.root,
        previous=linked.previous,
        hash=linked.hash,
        sealed_at=now().replace(second=0, microsecond=0),
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def head(edition: Edition) -> LogBatch | None:
    """Return the newest batch, whose hash stands for everything before it; None while there is none."""
    mine = select(LogBatch).where(LogBatch.edition_id == edition.id)
    return db.session.scalar(mine.order_by(LogBatch.number.desc()).limit(1))


def batches(edition: Edition) -> Iterator[LogBatch]:
    """Yield all batches in their order."""
    mine = select(LogBatch).where(LogBatch.edition_id == edition.id).order_by(LogBatch.number)
    last = 0
    while True:
        page = db.session.scalars(mine.where(LogBatch.number > last).limit(CHUNK)).all()
        yield from page
        if len(page) < CHUNK:
            return
        last = page[-1].number


def entries(edition: Edition) -> Iterator[tuple[int, bytes]]:
    """Yield every leaf with the number of its batch, batch by batch and within it in rising order."""
    for batch in batches(edition):
        members = select(LogEntry.leaf).where(
            LogEntry.edition_id == edition.id, LogEntry.batch == batch.number
        )
        for leaf in sorted(db.session.scalars(members)):
            yield batch.number, leaf


def has(edition: Edition, leaf: bytes) -> bool:
    """Tell whether a receipt with this leaf was ever given out."""
    sealed = exists().where(LogEntry.edition_id == edition.id, LogEntry.leaf == leaf)
    waits = exists().where(WaitingLeaf.edition_id == edition.id, WaitingLeaf.leaf == leaf)
    return bool(db.session.scalar(select(sealed | waits)))


def missing(edition: Edition, leaves: Sequence[bytes]) -> int:
    """Return how many of these leaves the log does not have."""
    known = select(func.count()).select_from(LogEntry)
    found = db.session.scalar(known.where(LogEntry.edition_id == edition.id, LogEntry.leaf.in_(leaves)))
    return len(set(leaves)) - (found or 0)


def _alone(edition: Edition) -> None:
    """Let no other worker link a batch to the same head until the transaction ends."""
    key = f"participatory_budget log {current_city().id} {edition.id}"
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _take(edition: Edition, number: int) -> list[bytes]:
    """Move what waits into a batch of the log, and return what was not in it before in rising order."""
    waiting = delete(WaitingLeaf).where(WaitingLeaf.edition_id == edition.id).returning(WaitingLeaf.leaf)
    taken = waiting.cte("taken")
    rows = select(literal(edition.id), taken.c.leaf, literal(number)).order_by(taken.c.leaf)
    moved = insert(LogEntry).from_select(["edition_id", "leaf", "batch"], rows).on_conflict_do_nothing()
    return sorted(db.session.scalars(moved.returning(LogEntry.leaf)))


def _number_waiting(edition: Edition) -> int:
    waiting = select(func.count()).select_from(WaitingLeaf).where(WaitingLeaf.edition_id == edition.id)
    return db.session.scalar(waiting) or 0


def _is_long_ago(edition: Edition, before: LogBatch | None) -> bool:
    since = before.sealed_at if before else edition.opens_at
    return since is not None and now() >= since + LONGEST
