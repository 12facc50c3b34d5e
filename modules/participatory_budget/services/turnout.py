"""How many people have voted: the only number of a vote that anybody sees before its result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import Subquery, func, select, union_all

from app.sdk import db, local, settings

from ..models import Arrival, Edition, SealedBallot, Turnout
from ..rules.statistics.small import LEAST, days_together

MOST_HOURS = 24 * 400


@dataclass(frozen=True, slots=True)
class TurnoutSettings:
    """What a city may set about the turnout, declared in the manifest."""

    min_turnout_shown: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many people voted for the first time on one day of the city, and until its end.

    Days on which few did are counted with a neighbour: then `first` is another day.
    """

    day: date
    voters: int
    in_all: int
    first: date


def shown(editions: Sequence[Edition]) -> Mapping[UUID, int]:
    """Return the turnout of each edition; one with fewer voters than the city wants to show is left out."""
    if not editions:
        return {}
    least = settings(TurnoutSettings).min_turnout_shown
    voted = [edition for edition in editions if not edition.imported]
    return {edition_id: voters for edition_id, voters in totals(voted).items() if voters >= least}


def totals(editions: Sequence[Edition]) -> Mapping[UUID, int]:
    """Return the turnout of each edition for staff, however small; one in which nobody has voted is left out.

    Of an imported edition only the ballots are known.
    """
    imported = [edition.id for edition in editions if edition.imported]
    voted = [edition.id for edition in editions if not edition.imported]
    counted = by_hour()
    people = select(counted.c.edition_id, func.sum(counted.c.voters)).group_by(counted.c.edition_id)
    ballots = select(SealedBallot.edition_id, func.count()).group_by(SealedBallot.edition_id)
    rows = [
        *(db.session.execute(people.where(counted.c.edition_id.in_(voted))) if voted else ()),
        *(db.session.execute(ballots.where(SealedBallot.edition_id.in_(imported))) if imported else ()),
    ]
    return {row[0]: int(row[1]) for row in rows}


def by_day(edition: Edition) -> Sequence[Day]:
    """Return the days on which people voted, in order; nothing while the turnout is not shown."""
    return days(edition) if edition.id in shown([edition]) else []


def days(edition: Edition) -> Sequence[Day]:
    """Return the days on which people voted, in order, for staff."""
    counted = by_hour()
    hours = select(counted.c.hour, func.sum(counted.c.voters).label("voters"))
    hours = hours.where(counted.c.edition_id == edition.id).group_by(counted.c.hour)
    rows = db.session.execute(hours.order_by(counted.c.hour).limit(MOST_HOURS))
    by_date = [
        (day, sum(int(row.voters) for row in of_day))
        for day, of_day in groupby(rows, key=lambda row: local(row.hour).date())
    ]
    found: list[Day] = []
    for one in days_together(by_date, LEAST):
        found.append(Day(one.last, one.number, one.number + (found[-1].in_all if found else 0), one.first))
    return found


def by_hour() -> Subquery:
    """Return the rows of all who have voted: those added up, and those who have come since."""
    kept = select(Turnout.edition_id, Turnout.hour, Turnout.voters)
    fresh = select(Arrival.edition_id, Arrival.hour, Arrival.voters)
    return union_all(kept, fresh).subquery()
