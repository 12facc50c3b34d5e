"""What the overview shows of thousands of cities: one query for a page of them, a few for the sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, cast, exists, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import JSONB

from app.core.clock import now
from app.core.context import CityState
from app.core.db import db
from app.web.paging import Page
from tenants.migrate import plan
from tenants.models import (
    CityRecord,
    CityRevision,
    Domain,
    Measure,
    Operation,
    OperationState,
    Signup,
    SignupState,
    Usage,
)

Ts = TypeVarTuple("Ts")
PER_PAGE = 50
LONGEST_SEARCH = 120
OPEN_SIGNUPS = (SignupState.WAITING, SignupState.CONFIRMED, SignupState.FAILED)
BEHIND, FAILED_MIGRATION, ERRORS = "behind", "failed", "errors"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader of the overview asks for."""

    words: str = ""
    state: str = ""
    trouble: str = ""
    order: str = "name"


@dataclass(frozen=True, slots=True)
class Line:
    """One city of the overview."""

    id: str
    slug: str
    name: str
    state: CityState
    published: bool
    bytes: int | None
    accounts: int | None
    requests: int
    errors: int
    mails: int
    is_behind: bool
    migration_failed: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """The platform at a glance."""

    states: dict[CityState, int]
    requests: int
    errors: int
    mails: int
    open_signups: int
    waiting_signups: int
    failed_operations: int
    queued: int
    oldest: datetime | None

    @property
    def cities(self) -> int:
        """Return how many cities there are, in whatever state."""
        return sum(self.states.values())

    @property
    def lag(self) -> int:
        """Return for how many seconds the oldest work that is due has waited."""
        return max(0, int((now() - self.oldest).total_seconds())) if self.oldest else 0


_size = func.coalesce(Measure.database_bytes, 0) + func.coalesce(Measure.files_bytes, 0)
ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "name": (func.lower(CityRecord.name),),
    "newest": (CityRecord.created_at.desc(),),
    "size": (_size.desc(),),
    "requests": (func.coalesce(Usage.requests, 0).desc(),),
    "errors": (func.coalesce(Usage.errors, 0).desc(), func.coalesce(Usage.requests, 0).desc()),
}


def cities(wanted: Wanted, number: int) -> Page[Line]:
    """Return one page of the cities asked for; the last page when there are fewer."""
    total = db.session.scalar(_filtered(select(func.count()), wanted)) or 0
    pages = max(1, -(-total // PER_PAGE))
    shown = min(max(1, number), pages)
    found = _filtered(
        select(
            CityRecord.id,
            CityRecord.slug,
            CityRecord.name,
            CityRecord.state,
            CityRecord.published,
            (Measure.database_bytes + Measure.files_bytes).label("bytes"),
            Measure.accounts,
            func.coalesce(Usage.requests, 0).label("requests"),
            func.coalesce(Usage.errors, 0).label("errors"),
            func.coalesce(Usage.mails, 0).label("mails"),
            is_behind().label("is_behind"),
            CityRevision.failed_at.is_not(None).label("migration_failed"),
        ),
        wanted,
    )
    order = ORDERS.get(wanted.order, ORDERS["name"])
    rows = db.session.execute(
        found.order_by(*order, CityRecord.id).limit(PER_PAGE).offset((shown - 1) * PER_PAGE)
    )
    return Page([_line(row) for row in rows], shown, pages, total)


def sums() -> Sums:
    """Return the numbers above the list."""
    states = db.session.execute(select(CityRecord.state, func.count()).group_by(CityRecord.state)).all()
    day = db.session.execute(
        select(
            *(func.coalesce(func.sum(column), 0) for column in (Usage.requests, Usage.errors, Usage.mails))
        ).where(Usage.day == now().astimezone(UTC).date())
    ).one()
    signups = db.session.execute(
        select(Signup.state, func.count()).where(Signup.state.in_(OPEN_SIGNUPS)).group_by(Signup.state)
    ).all()
    by_state = {row[0]: row[1] for row in signups}
    failed = select(func.count()).select_from(Operation).where(Operation.state == OperationState.FAILED)
    queued, oldest = _queue()
    return Sums(
        states={row[0]: row[1] for row in states},
        requests=int(day[0]),
        errors=int(day[1]),
        mails=int(day[2]),
        open_signups=sum(by_state.values()),
        waiting_signups=by_state.get(SignupState.WAITING, 0),
        failed_operations=db.session.scalar(failed) or 0,
        queued=queued,
        oldest=oldest,
    )


def is_behind() -> ColumnElement[bool]:
    """Tell in SQL whether a city has an older revision of something than this code."""
    newest = cast(plan.all_heads(), JSONB)
    known = CityRevision.revisions
    return func.coalesce(~newest.contains(known), False)


def _queue() -> tuple[int, datetime | None]:
    """Return how much work is due, and since when the oldest waits."""
    due = text("SELECT count(*), min(due_at) FROM shared.outbox WHERE due_at <= :now")
    row = db.session.execute(due, {"now": now()}, bind_arguments={"bind": db.engines["platform"]}).one()
    return row[0], row[1]


def _filtered(found: Select[*Ts], wanted: Wanted) -> Select[*Ts]:
    today = now().astimezone(UTC).date()
    found = (
        found.select_from(CityRecord)
        .outerjoin(Measure, Measure.city_id == CityRecord.id)
        .outerjoin(Usage, (Usage.city_id == CityRecord.id) & (Usage.day == today))
        .outerjoin(CityRevision, CityRevision.city_id == CityRecord.id)
    )
    return found.where(_words(wanted.words), _state(wanted.state), _trouble(wanted.trouble))


def _words(typed: str) -> ColumnElement[bool]:
    words = typed.strip().lower()[:LONGEST_SEARCH]
    if not words:
        return true()
    domain = exists().where(Domain.city_id == CityRecord.id, Domain.host.contains(words, autoescape=True))
    return or_(
        func.lower(CityRecord.name).contains(words, autoescape=True),
        CityRecord.slug.contains(words, autoescape=True),
        CityRecord.id == words,
        domain,
    )


def _state(wanted: str) -> ColumnElement[bool]:
    return CityRecord.state == CityState(wanted) if wanted in set(CityState) else true()


def _trouble(wanted: str) -> ColumnElement[bool]:
    troubles: dict[str, ColumnElement[bool]] = {
        BEHIND: is_behind(),
        FAILED_MIGRATION: CityRevision.failed_at.is_not(None),
        ERRORS: Usage.errors > 0,
    }
    return troubles.get(wanted, true())


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(**row._asdict())


def names_of(city_ids: Sequence[str]) -> dict[str, str]:
    """Return the names of cities that are still there."""
    found = select(CityRecord.id, CityRecord.name).where(CityRecord.id.in_(city_ids))
    return {row.id: row.name for row in db.session.execute(found)}


def id_of(typed: str) -> str:
    """Return the id of the city with this address or id; of a city that is gone, what was typed."""
    name = typed.strip().lower()
    found = select(CityRecord.id).where((CityRecord.slug == name) | (CityRecord.id == name))
    return db.session.scalar(found) or name
