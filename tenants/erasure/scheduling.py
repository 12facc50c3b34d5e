"""Close a city that is to be erased, keep it after all, and find what is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.core import audit
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.jobs import enqueue, task
from tenants import addresses, journal, lifecycle, operations, resolve
from tenants.models import CityRecord, CityState, Erasure, Operation, OperationState, PlatformEntry

GRACE = timedelta(days=30)
SCHEDULED, EXPORTED = "city.erasure_scheduled", "city.exported"
EXPORTED_WITHIN = timedelta(days=7)
# Work whose message was lost with the queue is asked for again.
LOST_AFTER = timedelta(hours=6)


def schedule_erasure(record: CityRecord, *, reason: str, grace: timedelta = GRACE) -> None:
    """Close the city now and have it erased after `grace`; its administrators are told by mail.

    `reason` is for people: the page of the closed city may show it. Raises Conflict for a city that is being made,
    or is to be erased already.
    """
    db.session.refresh(record, with_for_update=True)
    if record.state is CityState.ERASING:
        raise Conflict(_("This city is to be erased already."))
    if record.state is CityState.PROVISIONING:
        raise Conflict(_("This city is being made. Wait until it is live, then erase it."))
    before = record.state
    lifecycle.change_state(
        record, CityState.ERASING, SCHEDULED, reason=lifecycle.said_reason(reason), erase_at=now() + grace
    )
    record.state_before = before
    if grace:
        enqueue("platform.announce_erasure", city_id=record.id)


def cancel_erasure(record: CityRecord) -> None:
    """Keep a city after all: it is again what it was before; raises Conflict when there is nothing to stop."""
    db.session.refresh(record, with_for_update=True)
    if record.state is not CityState.ERASING:
        raise Conflict(_("This city is not to be erased."))
    if db.session.get(Erasure, record.id) is not None:
        raise Conflict(_("It is too late: the erasure of this city has begun."))
    back = CityState(record.state_before or CityState.SUSPENDED)
    reason = _why_suspended(record) if back is CityState.SUSPENDED else ""
    lifecycle.change_state(record, back, "city.erasure_cancelled", reason=reason)
    record.state_before = ""
    enqueue("platform.announce_erasure", city_id=record.id)


def _why_suspended(record: CityRecord) -> str:
    """Return what residents read before the city was closed for good; only its own log still knows."""
    with serving(lifecycle.as_city(record)):
        try:
            entries = audit.latest(1, search=audit.Search(action=lifecycle.SUSPENDED))
            return str(entries[0].details["reason"]) if entries else record.state_reason
        finally:
            end_transaction(keep=False)


def release(record: CityRecord, *, reason: str, typed: str, without_export: bool = False) -> None:
    """Close the city, if it is not, and let it be erased at once.

    `typed` is the city's address, typed by whoever asks. Raises Conflict when nobody has exported the city lately,
    unless it is to go `without_export`.
    """
    if typed.strip().lower() not in (record.slug, addresses.host_of(record.slug)):
        raise Invalid(_("Type the address of the city, %(address)s, to erase it now.", address=record.slug))
    if not without_export and not _was_exported(record.id):
        raise Conflict(
            _(
                "Nobody has exported this city in the last %(days)s days. Export it first.",
                days=EXPORTED_WITHIN.days,
            )
        )
    if record.state is not CityState.ERASING:
        schedule_erasure(record, reason=reason, grace=timedelta(0))
    else:
        record.erase_at = now()
        journal.note("city.erasure_released", record.id)
        resolve.change()


def _was_exported(city_id: str) -> bool:
    """Tell whether somebody took the whole city along lately; an export without its people does not count."""
    noted = select(PlatformEntry.id).where(
        PlatformEntry.city_id == city_id,
        PlatformEntry.action == EXPORTED,
        PlatformEntry.at >= now() - EXPORTED_WITHIN,
        PlatformEntry.details["people"].as_boolean().is_not(False),
    )
    return db.session.scalar(noted.limit(1)) is not None


def due(moment: datetime) -> Sequence[str]:
    """Return the ids of cities whose time of grace is over, and of those that are half erased."""
    over = select(CityRecord.id).where(CityRecord.state == CityState.ERASING, CityRecord.erase_at <= moment)
    begun = select(Erasure.city_id).where(Erasure.erased_at.is_(None))
    return sorted({*db.session.scalars(over), *db.session.scalars(begun)})


@task("platform.erase_due", every=timedelta(minutes=30), of_platform=True)
def erase_due() -> None:
    """Have every city erased whose time has come; what failed before is tried again."""
    moment = now()
    asked = set(
        db.session.scalars(
            select(Operation.city_id).where(
                Operation.kind == "erase",
                Operation.state.in_((OperationState.WAITING, OperationState.RUNNING)),
                Operation.asked_at > moment - LOST_AFTER,
            )
        )
    )
    for city_id in due(moment):
        if city_id not in asked:
            operations.ask("erase", city_id)
