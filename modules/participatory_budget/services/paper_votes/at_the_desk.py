"""At a polling place: an officer sees who comes, and gives her a ballot on paper or a code for the screen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.sdk import Account, Conflict, PersonField, _, db

from ...models import BatchState, Edition, PaperBatch, RollEntry, Station
from ...rules.codes import grouped
from ...rules.ways import Way
from ..access import access_of
from ..box import must_be_open as vote_must_be_open
from ..codes.asking import code_of, make
from ..doubts import must_stand
from ..persons import VotedAlready, must_be_free
from . import batches, slips
from .identity import Person, person
from .stations import must_be_open, must_work_at, station_of


@dataclass(frozen=True, slots=True)
class Handed:
    """What an officer gives to somebody: a code for the screen, or a paper (`code` is empty)."""

    code: str = ""
    entered: slips.Entered | None = None


def hand_code(
    edition: Edition,
    station_id: UUID,
    typed: Mapping[PersonField, str],
    attested: Mapping[str, str],
    by: Account,
) -> Handed:
    """Give somebody a code for the screen, once she is known to be allowed to vote; raises VotedAlready, NotEligible."""
    _here(edition, station_id, by, Way.BOOTH)
    found = person(edition, typed, attested)
    _must_not_have_voted(edition, found)
    document = {
        "voter": found.name.hex(),
        "statements": [[one.attribute, one.value, one.level] for one in found.statements],
        "keys": [[key.kind, key.value.hex()] for key in found.keys],
    }
    made = make(edition, Way.BOOTH, found.name, json.dumps(document))
    return Handed(grouped(code_of(made)))


def hand_paper(
    edition: Edition,
    station_id: UUID,
    typed: Mapping[PersonField, str],
    attested: Mapping[str, str],
    by: Account,
    *,
    district: str = "",
) -> Handed:
    """Enter somebody as a voter on paper, who then gets her ballot for the urn of this place."""
    station = _here(edition, station_id, by, Way.PAPER)
    urn = _urn(edition, station, district)
    entered = slips.enter(edition, urn.id, typed, attested, by)
    return Handed(entered=entered)


def _here(edition: Edition, station_id: UUID, by: Account, way: Way) -> Station:
    station = station_of(edition, station_id)
    must_work_at(station, by)
    must_be_open(station)
    vote_must_be_open(edition)
    if not access_of(edition).has(way):
        raise Conflict(_("This way to vote is not open."))
    return station


def _must_not_have_voted(edition: Edition, found: Person) -> None:
    must_stand(edition, found.name)
    must_be_free(edition, found.name, found.keys)
    if db.session.get(RollEntry, {"edition_id": edition.id, "voter": found.name}) is not None:
        raise VotedAlready(_("A ballot of this person is in already."))


def _urn(edition: Edition, station: Station, district: str) -> PaperBatch:
    """Return the batch that an urn of a place fills, one for each district; a new one after the last was taken out."""
    filled = select(PaperBatch).where(
        PaperBatch.station_id == station.id,
        PaperBatch.state == BatchState.SLIPS,
        PaperBatch.district == district,
        PaperBatch.in_envelopes.is_(False),
    )
    found = db.session.scalar(filled.order_by(PaperBatch.number.desc()).limit(1))
    return found or batches.make(edition, in_envelopes=False, station_id=station.id, district=district)
