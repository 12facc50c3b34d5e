"""Errors that nobody foresaw: written down without values, found again by the reference that the reader was told.

They are written in a transaction of their own: that of the page or the task is lost.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.core import references
from app.core.clock import now
from app.core.context import city_or_none
from app.core.db import db
from app.core.jobs import task
from app.core.log import kind_of, told, trace_of, write
from tenants.models import Failure

log = logging.getLogger("parvis.failures")
KEPT = timedelta(days=30)
LONGEST_TRACE = 20_000


def record(error: BaseException, place: str) -> str:
    """Write an error down and return its reference; without a database only the log has it.

    What happens again at the same place in the same city on the same day is counted under the first reference.
    """
    city = city_or_none()
    city_id, kind, trace = city.id if city else None, kind_of(error), trace_of(error)[-LONGEST_TRACE:]
    day = now().date().isoformat()
    fingerprint = hashlib.sha256("\0".join((day, city_id or "", place, kind, trace)).encode()).hexdigest()
    reference = references.new_reference()
    row = insert(Failure).values(
        reference=reference,
        fingerprint=fingerprint,
        city_id=city_id,
        place=place[:120],
        kind=kind,
        trace=trace,
        request_id=str(told().get("request_id") or ""),
        count=1,
        first_at=now(),
        last_at=now(),
    )
    again = {"count": Failure.count + 1, "last_at": now(), "request_id": row.excluded.request_id}
    counted = row.on_conflict_do_update(index_elements=["fingerprint"], set_=again)
    try:
        with db.engines["platform"].begin() as connection:
            reference = connection.scalar(counted.returning(Failure.reference)) or reference
    except SQLAlchemyError as trouble:
        write(log, logging.WARNING, "a failure could not be kept", kind=kind_of(trouble))
    log.error("%s failed", place, exc_info=error, extra={"facts": {"reference": reference}})
    return reference


def find(said: str) -> Failure | None:
    """Return the failure with a reference, however it was typed."""
    reference = references.read(said)
    return db.session.get(Failure, reference) if reference else None


def newest(limit: int = 50) -> Sequence[Failure]:
    """Return the failures that happened last."""
    return db.session.scalars(select(Failure).order_by(Failure.last_at.desc()).limit(limit)).all()


@task("platform.forget_failures", every=timedelta(days=1), of_platform=True)
def forget() -> None:
    """Delete what has not happened for a month."""
    db.session.execute(delete(Failure).where(Failure.last_at < now() - KEPT))
