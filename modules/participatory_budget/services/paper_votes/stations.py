"""Polling places: who works there, and a journal that is only ever added to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.sdk import Account, Conflict, Forbidden, Invalid, NotFound, _, audit, db, may, now

from ...models import Edition, Happening, JournalEntry, Station, StationOfficer
from ...rules.ways import Way
from ..access import access_of

OFFICER, PAPER = "participatory_budget.officer", "participatory_budget.paper"
WRITTEN = (
    Happening.SEALS,
    Happening.INCIDENT,
    Happening.COUNTED,
    Happening.HANDED_OVER,
    Happening.CORRECTION,
)
"""What officers write down themselves; the rest follows from what they do."""


def stations(edition: Edition) -> Sequence[Station]:
    """Return the places of an edition by name."""
    mine = select(Station).where(Station.edition_id == edition.id)
    return db.session.scalars(mine.order_by(Station.name, Station.id).limit(500)).all()


def station_of(edition: Edition, station_id: UUID, *, lock: bool = False) -> Station:
    """Return a place; raises NotFound."""
    found = db.session.get(Station, station_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such polling place."))
    return found


def make(edition: Edition, name: str, address: str) -> Station:
    """Add a place where people vote; raises Invalid, Conflict."""
    if not access_of(edition).has(Way.BOOTH, Way.PAPER):
        raise Conflict(
            _("People vote neither on paper nor at polling places here. Change how people vote first.")
        )
    if not name.strip():
        raise Invalid(_("Write the name of the place."))
    made = Station(edition_id=edition.id, name=name.strip()[:120], address=address.strip()[:200])
    db.session.add(made)
    db.session.flush()
    audit("participatory_budget.station_added", subject=f"edition:{edition.id}", name=made.name[:40])
    return made


def set_officers(edition: Edition, station_id: UUID, people: Sequence[UUID]) -> None:
    """Say who works at a place; what they wrote there stays theirs."""
    station = station_of(edition, station_id, lock=True)
    staff = set(db.session.scalars(select(Account.id).where(Account.id.in_(people), Account.is_staff)))
    db.session.execute(
        delete(StationOfficer).where(
            StationOfficer.station_id == station.id, StationOfficer.account_id.not_in(staff)
        )
    )
    for account_id in sorted(staff):
        row = {"station_id": station.id, "account_id": account_id}
        db.session.execute(insert(StationOfficer).values(row).on_conflict_do_nothing())
    audit(
        "participatory_budget.officers_changed",
        subject=f"edition:{edition.id}",
        station=str(station.id),
        number=len(staff),
    )


def officers_of(station: Station) -> Sequence[Account]:
    """Return who works at a place."""
    at = select(StationOfficer.account_id).where(StationOfficer.station_id == station.id)
    return db.session.scalars(
        select(Account).where(Account.id.in_(at)).order_by(Account.name, Account.id)
    ).all()


def staff() -> Sequence[Account]:
    """Return whom a place can be given to."""
    return db.session.scalars(
        select(Account).where(Account.is_staff).order_by(Account.name, Account.id).limit(500)
    ).all()


def mine(edition: Edition, by: Account) -> Sequence[Station]:
    """Return the places of an edition at which somebody works."""
    at = select(StationOfficer.station_id).where(StationOfficer.account_id == by.id)
    found = select(Station).where(Station.edition_id == edition.id, Station.id.in_(at))
    return db.session.scalars(found.order_by(Station.name, Station.id)).all()


def must_work_at(station: Station, by: Account | None) -> Account:
    """Raise Forbidden for whoever is no officer of this very place."""
    key = (station.id, by.id) if by is not None else None
    if by is None or not may(OFFICER) or db.session.get(StationOfficer, key) is None:
        raise Forbidden(_("You are not one of the officers of this polling place."))
    return by


def open_station(edition: Edition, station_id: UUID, by: Account, words: str) -> None:
    """Open a place; from here on officers let people vote."""
    station = station_of(edition, station_id, lock=True)
    must_work_at(station, by)
    if station.opened_at is not None:
        raise Conflict(_("This place has been opened already."))
    station.opened_at = now()
    _write(station, Happening.OPENED, by, words)


def close_station(edition: Edition, station_id: UUID, by: Account, words: str) -> None:
    """Close a place: the first of two."""
    station = station_of(edition, station_id, lock=True)
    must_work_at(station, by)
    must_be_open(station)
    station.closed_at, station.closed_by = now(), by.id
    _write(station, Happening.CLOSED, by, words)


def confirm_closed(edition: Edition, station_id: UUID, by: Account, words: str) -> None:
    """Confirm as a second person that a place is closed and its journal right; raises Forbidden for the first."""
    station = station_of(edition, station_id, lock=True)
    must_work_at(station, by)
    if station.closed_at is None or station.confirmed_by is not None:
        raise Conflict(_("There is nothing to confirm."))
    if station.closed_by == by.id:
        raise Forbidden(_("A second officer has to confirm it: you have closed the place."))
    station.confirmed_by = by.id
    _write(station, Happening.CONFIRMED, by, words)


def write(
    edition: Edition, station_id: UUID, what: Happening, by: Account, *, words: str, number: int | None
) -> None:
    """Write a line into the journal of a place that has been opened and not confirmed as closed; raises Invalid."""
    station = station_of(edition, station_id, lock=True)
    must_work_at(station, by)
    if what not in WRITTEN:
        raise Invalid(_("Choose what you write down."))
    if station.opened_at is None or station.confirmed_by is not None:
        raise Conflict(_("The journal is open while the place is."))
    if not words.strip() and number is None:
        raise Invalid(_("Write what happened, or a number."))
    _write(station, what, by, words, number)


def journal(station: Station) -> Sequence[tuple[JournalEntry, str]]:
    """Return the lines of the journal in their order, with the name of who wrote each."""
    found = (
        select(JournalEntry, Account.name)
        .outerjoin(Account, Account.id == JournalEntry.written_by)
        .where(JournalEntry.station_id == station.id)
        .order_by(JournalEntry.id)
        .limit(1000)
    )
    return [(row[0], row[1] or "") for row in db.session.execute(found)]


def must_be_open(station: Station) -> None:
    """Raise Conflict for a place that is not open."""
    if station.opened_at is None:
        raise Conflict(_("This place has not been opened yet. Open it in the journal first."))
    if station.closed_at is not None:
        raise Conflict(_("This place is closed."))


def _write(station: Station, what: Happening, by: Account, words: str, number: int | None = None) -> None:
    db.session.add(
        JournalEntry(
            station_id=station.id,
            what=what,
            words=words.strip()[:1000],
            number=number,
            written_by=by.id,
            written_at=now(),
        )
    )
    db.session.flush()
