"""Erase one city: written down first, then the database in one transaction, then files and Redis, then searched.

The row in `platform.erasure` begins it, and until it says that all is done, whoever runs it again goes on. So a
worker that is killed anywhere leaves either a closed city that is whole, or none.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, select, text

from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.errors import Conflict
from app.core.gathering import FLUSH_SECONDS
from app.core.i18n import gettext as _
from tenants import journal, quotas, resolve, schema, usage
from tenants.erasure import cache, certificate, folders, rows, search
from tenants.erasure.certificate import Certificate
from tenants.erasure.marks import Marks, marks_of
from tenants.erasure.scheduling import SCHEDULED
from tenants.erasure.search import Counts
from tenants.models import CityRecord, CityState, Domain, Erasure, FormerSlug, Operation, PlatformEntry
from tenants.models.upkeep import Json
from tenants.operations import alone, kind

# Processes that served the city or worked for it tell Redis up to two seconds later.
PAUSES = (FLUSH_SECONDS + 1, FLUSH_SECONDS + 1, 0.0)


@kind("erase")
def _operation(operation: Operation) -> dict[str, Json]:
    """Erase the city of the operation."""
    done = erase(str(operation.city_id), operation_id=operation.id)
    return {"sha256": done["sha256"]}


def erase(city_id: str, *, operation_id: UUID | None = None, everywhere: bool | None = None) -> Certificate:
    """Erase a city whose time has come and return the certificate; safe to call again wherever it was stopped.

    Raises Conflict for a city that is not due, while another worker is at it, and when a trace is left: then the next
    call tries again. `everywhere` is as for the search.
    """
    with alone(f"erase {city_id}") as first:
        if not first:
            raise Conflict(_("Somebody is erasing this city at this moment."))
        marks = _begin(city_id)
        if marks is None:
            return _of(city_id)
        _empty_database(marks, operation_id)
        for pause in PAUSES:
            _empty_elsewhere(marks, operation_id)
            found, kept = search.search(marks, everywhere=everywhere)
            if not any(found.values()):
                return _certified(marks, found, kept)
            time.sleep(pause)
        places = ", ".join(f"{place}: {number}" for place, number in found.items() if number)
        raise Conflict(_("Something of the city is left (%(places)s). It is tried again.", places=places))


def find(city_id: str) -> Erasure | None:
    """Return what is written down of an erasure, begun or done."""
    return db.session.get(Erasure, city_id)


def _begin(city_id: str) -> Marks | None:
    """Write down what there is, from where there is no way back; None when all has been done before."""
    end_transaction(keep=True)
    erasure = db.session.get(Erasure, city_id, with_for_update=True)
    if erasure is None:
        record = db.session.get(CityRecord, city_id, with_for_update=True)
        if record is None or record.state is not CityState.ERASING or record.erase_at is None:
            raise Conflict(_("This city is not to be erased."))
        if record.erase_at > now():
            raise Conflict(_("The time of grace is not over."))
        erasure = _written_down(record)
        journal.note("city.erasure_begun", city_id)
    marks = None if erasure.erased_at else _marks_in(erasure)
    end_transaction(keep=True)
    return marks


def _written_down(record: CityRecord) -> Erasure:
    former = db.session.scalars(select(FormerSlug.slug).where(FormerSlug.city_id == record.id))
    # What it only claimed may be anybody's.
    domains = db.session.scalars(select(Domain.host).where(Domain.city_id == record.id, Domain.verified))
    marks = marks_of(record.id, [record.slug, *former], domains)
    with schema.owner_transaction() as connection:
        tables = rows.count_own(connection, marks)
    moment = now()
    draft: Certificate = {
        "version": 1,
        "city": {"id": record.id, "name": record.name, "address": marks.hosts[0]},
        "hosts": list(marks.hosts),
        "asked_by": _asked_by(record.id),
        "closed_at": _written(record.state_changed_at),
        "began_at": _written(moment),
        "removed": {
            "rows of the city's tables": dict(tables),
            "files": asdict(folders.inventory(marks)),
        },
    }
    erasure = Erasure(city_id=record.id, began_at=moment, slugs=list(marks.slugs), certificate=draft)
    db.session.add(erasure)
    return erasure


def _asked_by(city_id: str) -> str:
    """Return who closed the city to have it erased, as the journal knows them: without a name."""
    entries = select(PlatformEntry.actor).where(
        PlatformEntry.city_id == city_id, PlatformEntry.action == SCHEDULED
    )
    return db.session.scalar(entries.order_by(PlatformEntry.id.desc()).limit(1)) or journal.who()


def _empty_database(marks: Marks, operation_id: UUID | None) -> None:
    """Remove what names the city from the platform's tables, and its schema and role: all of it or nothing."""
    with schema.owner_transaction() as connection:
        schema.take(connection, marks.schema)
        removed = rows.remove_from_platform(connection, marks, operation_id)
        elsewhere = rows.addresses_left(connection, marks)
        schema.drop_with(connection, marks.schema)
        for left_behind in rows.other_schemas(connection, marks):
            connection.exec_driver_sql(f'DROP SCHEMA "{left_behind}" CASCADE')
        _count(connection, marks, "rows of the platform's tables", removed)
        if elsewhere:
            _count(connection, marks, ELSEWHERE, {"number": elsewhere})
    resolve.change()
    end_transaction(keep=True)


def _empty_elsewhere(marks: Marks, operation_id: UUID | None) -> None:
    """Remove the city's files, then what Redis holds; what was under way meanwhile may have left something again."""
    usage.flush()
    quotas.flush()
    folders.remove(marks)
    held = cache.remove(marks)
    with schema.owner_transaction() as connection:
        late = rows.remove_from_platform(connection, marks, operation_id)
        _count(connection, marks, "Redis", asdict(held))
        _count(connection, marks, "rows of the platform's tables", late)


def _count(connection: Connection, marks: Marks, what: str, numbers: Mapping[str, int]) -> None:
    """Add to what the certificate says was removed; what an earlier try removed is not forgotten."""
    mine = {"id": marks.city_id}
    draft = connection.scalar(text(_DRAFT), mine)
    known = draft["removed"].setdefault(what, {})
    for name, number in numbers.items():
        known[name] = known.get(name, 0) + number
    connection.execute(text(_WRITE_DRAFT), {**mine, "draft": json.dumps(draft)})


def _certified(marks: Marks, found: Counts, kept: Counts) -> Certificate:
    """Sign the certificate: nothing was found that should not be there."""
    erasure = db.session.get_one(Erasure, marks.city_id, with_for_update=True, populate_existing=True)
    removed = cast("dict[str, Json]", erasure.certificate["removed"])
    elsewhere = removed.pop(ELSEWHERE, None)
    until = certificate.backups_until()
    content: Certificate = {
        **erasure.certificate,
        "removed": removed,
        "found": {**found},
        "kept": {**kept, **({ELSEWHERE: elsewhere} if elsewhere else {})},
        "erased_at": _written(now()),
        "in_backups_until": until.isoformat() if until else None,
    }
    erasure.certificate, erasure.erased_at = certificate.sign(content), now()
    journal.note("city.erased", marks.city_id)
    end_transaction(keep=True)
    return _of(marks.city_id)


def _of(city_id: str) -> Certificate:
    return dict(db.session.get_one(Erasure, city_id).certificate)


def _marks_in(erasure: Erasure) -> Marks:
    hosts = cast("list[str]", erasure.certificate["hosts"])
    return Marks(erasure.city_id, tuple(erasure.slugs), tuple(hosts))


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


ELSEWHERE = "mail addresses that other cities' sign-ups or operators have as well"
_DRAFT = "SELECT certificate FROM platform.erasure WHERE city_id = :id FOR UPDATE"
_WRITE_DRAFT = "UPDATE platform.erasure SET certificate = CAST(:draft AS jsonb) WHERE city_id = :id"
