"""How far the paper ballots are: batches, and ballots that lie in the box."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.sdk import db

from ...models import Edition, PaperBatch


@dataclass(frozen=True, slots=True)
class Progress:
    """Batches that have been handed in and put into the box, with the ballots declared and put."""

    batches: int
    finished: int
    declared: int
    put: int


def progress(edition: Edition) -> Progress | None:
    """Return how far the paper is; None in an edition without paper."""
    found = select(
        func.count(),
        func.count(PaperBatch.put_at),
        func.coalesce(func.sum(PaperBatch.declared), 0),
        func.coalesce(func.sum(PaperBatch.put), 0),
    ).where(PaperBatch.edition_id == edition.id)
    batches, finished, declared, put = db.session.execute(found).one()
    return Progress(batches, finished, int(declared or 0), int(put or 0)) if batches else None
