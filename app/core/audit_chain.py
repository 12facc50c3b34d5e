"""The chain of hashes over the audit log: each seal covers its entry and the seal before it.

Entries are written by many requests at once and sealed shortly afterwards, one after the other, so that nobody waits
for anybody (docs/decisions/0017-audit-chain.md). Neither table can be changed with the city's role.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, Select, String, func, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.context import current_city
from app.core.db import CityModel, db
from app.core.exporting import impersonal, not_copied

BEGINNING = "0" * 64
# No transaction of ours lives as long: what is found unsealed below was written to look older than it is.
LATEST = timedelta(days=1)
BATCH = 1000
_FIELDS = (
    "id",
    "at",
    "action",
    "subject",
    "actor_kind",
    "actor_id",
    "actor_name",
    "for_id",
    "for_name",
    "details",
)


class AuditSeal(CityModel):
    """The place of one entry in the chain, and the hash over the entry and the seal before."""

    __tablename__ = "audit_seal"
    __table_args__ = ({"info": not_copied("It belongs to the audit log, which copies do not have.")},)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(unique=True)
    previous: Mapped[str] = mapped_column(String(64), unique=True, info=impersonal())
    hash: Mapped[str] = mapped_column(String(64), info=impersonal())
    sealed_at: Mapped[datetime]


class Fault(StrEnum):
    """What is wrong with a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head of the chain, noted where the city's role cannot write."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a chain came to; `number` is the first entry that is wrong."""

    sealed: int = 0
    head: str = BEGINNING
    last_at: datetime | None = None
    waiting: int = 0
    """Entries that were written and are not sealed yet."""
    fault: Fault | None = None
    number: int = 0
    entry_id: UUID | None = None


def digest(number: int, previous: str, entry: Row[Any]) -> str:
    """Return the SHA-256 over an entry in its place: JSON with sorted keys, without spaces, instants in UTC."""
    content = {
        **{name: getattr(entry, name) for name in _FIELDS},
        "id": str(entry.id),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "number": number,
        "previous": previous,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def head() -> AuditSeal | None:
    """Return the last seal of the city being served."""
    return db.session.scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))


def seal() -> int:
    """Seal what was written since, in order; returns how many entries. Only sealers wait for each other."""
    lock = {"name": f"audit {current_city().schema}"}
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), lock)
    last = head()
    number, previous = (last.number, last.hash) if last else (0, BEGINNING)
    sealed, moment = 0, now()
    after: tuple[datetime, UUID] | None = None
    while batch := _unsealed(last.sealed_at - LATEST if last else None, after):
        seals = []
        for row in batch:
            number, before = number + 1, previous
            previous = digest(number, before, row)
            seals.append(
                {
                    "number": number,
                    "entry_id": row.id,
                    "previous": before,
                    "hash": previous,
                    "sealed_at": moment,
                }
            )
        db.session.execute(insert(AuditSeal), seals)
        sealed, after = sealed + len(seals), (batch[-1].at, batch[-1].id)
    return sealed


def _unsealed(since: datetime | None, after: tuple[datetime, UUID] | None) -> list[Row[Any]]:
    found = _entries().where(~select(AuditSeal.number).where(AuditSeal.entry_id == AuditEntry.id).exists())
    if since is not None:
        found = found.where(AuditEntry.at >= since)
    if after is not None:
        at, ident = after
        found = found.where((AuditEntry.at > at) | ((AuditEntry.at == at) & (AuditEntry.id > ident)))
    return list(db.session.execute(found.order_by(AuditEntry.at, AuditEntry.id).limit(BATCH)))


def _entries() -> Select[tuple[object, ...]]:
    return select(*(getattr(AuditEntry, name) for name in _FIELDS))


def check(anchors: Mapping[int, str] = {}) -> Verdict:
    """Check the whole chain of the city being served; `anchors` are hashes noted elsewhere, by number."""
    number, previous, last_at = 0, BEGINNING, None
    for row in _chain():
        number += 1
        fault = _fault(row, number, previous) or _against(anchors, number, row.hash)
        if fault is not None:
            return Verdict(number - 1, previous, last_at, fault=fault, number=number, entry_id=row.entry_id)
        previous, last_at = row.hash, row.at
    if beyond := [one for one in anchors if one > number]:
        return Verdict(number, previous, last_at, fault=Fault.CUT, number=number + 1 if beyond else 0)
    return _loose(Verdict(number, previous, last_at))


def _fault(row: Row[Any], number: int, previous: str) -> Fault | None:
    if row.number != number:
        return Fault.MISSING
    if row.previous != previous:
        return Fault.REORDERED if _is_a_hash(row.previous) else Fault.REWRITTEN
    if row.id is None:
        return Fault.MISSING
    if digest(number, previous, row) == row.hash:
        return None
    return Fault.REORDERED if _belongs_here(number, previous, row.hash) else Fault.CHANGED


def _against(anchors: Mapping[int, str], number: int, found: str) -> Fault | None:
    return Fault.REWRITTEN if anchors.get(number, found) != found else None


def _is_a_hash(previous: str) -> bool:
    """Tell whether a seal follows another one of the chain than the one that stands before it."""
    return previous == BEGINNING or bool(
        db.session.scalar(select(select(AuditSeal.number).where(AuditSeal.hash == previous).exists()))
    )


def _belongs_here(number: int, previous: str, wanted: str) -> bool:
    """Tell whether another entry of the log is the one that was sealed in this place."""
    rows = db.session.execute(_entries().execution_options(yield_per=BATCH))
    return any(digest(number, previous, row) == wanted for row in rows)


def _chain() -> Iterator[Row[Any]]:
    """Yield the seals in order with their entries, a batch at a time."""
    after = 0
    columns = [getattr(AuditEntry, name) for name in _FIELDS]
    seals = (AuditSeal.number, AuditSeal.previous, AuditSeal.hash, AuditSeal.entry_id)
    while True:
        found = select(*columns, *seals).select_from(AuditSeal)
        found = found.outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        found = found.where(AuditSeal.number > after).order_by(AuditSeal.number).limit(BATCH)
        batch: list[Row[Any]] = list(db.session.execute(found))
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1].number


def _loose(verdict: Verdict) -> Verdict:
    """Return the verdict with what stands in the log and not in the chain."""
    outside = ~select(AuditSeal.number).where(AuditSeal.entry_id == AuditEntry.id).exists()
    last = head()
    if last is not None:
        late = select(AuditEntry.id).where(outside, AuditEntry.at < last.sealed_at - LATEST)
        strange = db.session.scalar(late.order_by(AuditEntry.at, AuditEntry.id).limit(1))
        if strange is not None:
            return Verdict(
                verdict.sealed,
                verdict.head,
                verdict.last_at,
                fault=Fault.INSERTED,
                number=verdict.sealed + 1,
                entry_id=strange,
            )
    waiting = db.session.scalar(select(func.count()).select_from(AuditEntry).where(outside)) or 0
    return Verdict(verdict.sealed, verdict.head, verdict.last_at, waiting)
