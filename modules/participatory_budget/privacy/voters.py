"""What is kept so that nobody votes twice, of votes without an account, and of those who work at polling places."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from app.sdk import Basis, Holding, Record, Stays, _, _l, db, holds, picked

from ..models import Edition, JournalEntry, PersonKey, Station, StationOfficer
from ..services import admissions, doubts, persons
from ..services.codes import asking
from ..services.voters import voter_called

KEPT = timedelta(days=90)
"""Keys stay so long after the close: until then somebody may ask why her vote was refused."""
MOST = 500


def _keys(account_id: UUID) -> Iterable[tuple[Edition, PersonKey]]:
    for edition in db.session.scalars(select(Edition).order_by(Edition.created_at.desc(), Edition.id)):
        mine = (PersonKey.edition_id == edition.id, PersonKey.voter == voter_called(edition, account_id))
        for key in db.session.scalars(select(PersonKey).where(*mine).order_by(PersonKey.kind)):
            yield edition, key


def _collect(account_id: UUID) -> Iterable[Record]:
    for edition, key in _keys(account_id):
        yield {"edition": picked(edition.title).text, "hash_of": key.kind.value}


def _erase(_account_id: UUID) -> None:
    """Leave the keys: without them she could vote again until the close."""


def _stays(account_id: UUID) -> Iterable[Stays]:
    if next(iter(_keys(account_id)), None) is not None:
        yield Stays(
            _("Hashes of your address, number and name, as long as a vote is open that you took part in."),
            _("So that nobody votes twice. They are deleted 90 days after the close."),
        )


def _retain(moment: datetime) -> int:
    """Remove what is no longer good or needed; returns how many things that were."""
    gone = admissions.forget_expired(moment) + asking.forget_expired()
    return gone + persons.forget(moment - KEPT) + doubts.forget(moment)


def _collect_work(account_id: UUID) -> Iterable[Record]:
    lines = (
        select(JournalEntry, Station.name)
        .join(Station, Station.id == JournalEntry.station_id)
        .where(JournalEntry.written_by == account_id)
        .order_by(JournalEntry.id.desc())
        .limit(MOST)
    )
    for line, place in db.session.execute(lines):
        yield {"polling_place": place, "at": line.written_at, "what": line.what.value, "words": line.words}
    at = select(Station.name).join(StationOfficer, StationOfficer.station_id == Station.id)
    for place in db.session.scalars(at.where(StationOfficer.account_id == account_id).limit(MOST)):
        yield {"officer_of": place}


def _erase_work(account_id: UUID) -> None:
    """Take her off the lists of officers; what she wrote into a journal stays the city's record."""
    db.session.execute(delete(StationOfficer).where(StationOfficer.account_id == account_id))


def _work_stays(account_id: UUID) -> Iterable[Stays]:
    wrote = select(JournalEntry.id).where(JournalEntry.written_by == account_id).limit(1)
    if db.session.scalar(wrote) is not None:
        yield Stays(
            _("Lines that you wrote into the journal of a polling place, without your name."),
            _("The journal is the record of how the vote went."),
        )


holds(
    Holding(
        "participatory_budget.one_ballot",
        _l("Hashes of addresses, telephone numbers, names and lists of those who voted, and of codes"),
        _l("So that each person votes once, whichever way she takes, and fraud can be looked into."),
        Basis.PUBLIC_TASK,
        _l(
            "Codes for minutes; from where voters came for a week after the close; keys for 90 days after it; who"
            " voted on paper in which batch and what clerks read on paper until the ballots are sealed"
        ),
        _collect,
        _erase,
        _stays,
        retain=_retain,
        tables=tuple(
            f"participatory_budget_{name}"
            for name in (
                "admission",
                "one_time_code",
                "person_key",
                "letter_batch",
                "letter",
                "let_in",
                "failed_tries",
                "challenge",
                "paper_batch",
                "paper_slip",
                "paper_keying",
                "paper_entry",
            )
        ),
    )
)
holds(
    Holding(
        "participatory_budget.polling_places",
        _l("Who works at polling places, and what they wrote into the journal"),
        _l("So that it can be shown later how the vote went."),
        Basis.PUBLIC_TASK,
        _l("With the edition"),
        _collect_work,
        _erase_work,
        _work_stays,
        tables=(
            "participatory_budget_station",
            "participatory_budget_station_officer",
            "participatory_budget_journal",
        ),
    )
)
