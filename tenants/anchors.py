"""The chains of the cities' audit logs: sealed every few minutes, their heads noted where no city can write."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select

from app.core import audit_chain
from app.core.audit_chain import AuditSeal, Verdict
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.jobs import task
from app.core.settings import store, stored
from tenants.models import AuditAnchor

CHECKED = "platform.audit"


@task("audit.seal", every=timedelta(minutes=5), idle=timedelta(hours=1))
def seal() -> bool:
    """Note where the chain of the city ended, then seal what was written since."""
    note()
    return audit_chain.seal() > 0


@task("audit.check", every=timedelta(days=1))
def look() -> None:
    """Check the chain of the city and keep what came of it for the log's page."""
    verdict = verify()
    if verdict.fault is not None:
        current_app.logger.error(
            "the audit log of city %s is broken: run parvis audit verify", current_city().id
        )
    store(
        CHECKED,
        {
            "at": now().isoformat(),
            "sealed": verdict.sealed,
            "up_to": verdict.last_at.isoformat() if verdict.last_at else None,
            "fault": verdict.fault.value if verdict.fault else "",
            "number": verdict.number,
        },
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What the last check of the city's log came to."""

    at: datetime
    sealed: int
    up_to: datetime | None
    fault: str
    number: int


def last_check() -> Checked | None:
    """Return what the last check came to; None before the first one."""
    kept = stored(CHECKED)
    if not kept:
        return None
    up_to = datetime.fromisoformat(kept["up_to"]) if kept["up_to"] else None
    return Checked(datetime.fromisoformat(kept["at"]), kept["sealed"], up_to, kept["fault"], kept["number"])


def note() -> None:
    """Note the head of the chain as it was committed, unless the chain has lost what was noted before."""
    city, moment, head = current_city(), now(), audit_chain.head()
    if head is None:
        return
    last = db.session.scalar(
        select(AuditAnchor).where(AuditAnchor.city_id == city.id).order_by(AuditAnchor.number.desc()).limit(1)
    )
    if last is not None and not _is_there(last):
        current_app.logger.error(
            "the audit log of city %s is not what it was: run parvis audit verify", city.id
        )
        return
    month = moment.date().replace(day=1)
    if last is not None and last.month == month:
        last.number, last.hash, last.noted_at = head.number, head.hash, moment
    else:
        db.session.add(
            AuditAnchor(city_id=city.id, month=month, number=head.number, hash=head.hash, noted_at=moment)
        )


def begin_anew(city_id: str) -> None:
    """Forget what was noted of a city whose tables were put back by the platform itself."""
    db.session.execute(delete(AuditAnchor).where(AuditAnchor.city_id == city_id))


def verify() -> Verdict:
    """Check the chain of the city being served, by itself and against what was noted."""
    noted = select(AuditAnchor.number, AuditAnchor.hash).where(AuditAnchor.city_id == current_city().id)
    return audit_chain.check({row.number: row.hash for row in db.session.execute(noted)})


def _is_there(anchor: AuditAnchor) -> bool:
    kept = db.session.scalar(select(AuditSeal.hash).where(AuditSeal.number == anchor.number))
    return kept == anchor.hash
