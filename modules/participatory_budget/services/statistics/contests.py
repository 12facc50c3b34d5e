"""Voters by the district in which they vote, where districts vote apart; not where they live."""

from sqlalchemy import func, select

from app.sdk import db, hide_small

from ...models import Ballot, ChannelTotal, Edition
from ...rules.contests import CITYWIDE, ContestsBy
from ...rules.statistics.census import Dimension
from ...rules.statistics.small import LEAST
from .breakdown import Breakdown, Line


def by_contest(edition: Edition) -> Breakdown | None:
    """Return how many ballots there are for each district, small numbers hidden; None where all vote together.

    While the vote is open, the empty key counts those who vote for the whole city alone. Once it is sealed nobody
    knows who that was, and a district counts the ballots that name one of its projects.
    """
    if edition.contests_by is ContestsBy.ONE or edition.imported:
        return None
    counted = _sealed(edition) if edition.sealed_at else _in_box(edition)
    keys = [one.key for one in edition.contests if one.key != CITYWIDE]
    values = [*keys, *([CITYWIDE] if counted.get(CITYWIDE) else [])]
    shown = hide_small([counted.get(value, 0) for value in values], LEAST)
    lines = [Line(value, number) for value, number in zip(values, shown.numbers, strict=True)]
    return Breakdown(Dimension.DISTRICT, lines, shown.total)


def _in_box(edition: Edition) -> dict[str, int]:
    mine = select(Ballot.district, func.count()).where(Ballot.edition_id == edition.id)
    return {row[0]: row[1] for row in db.session.execute(mine.group_by(Ballot.district))}


def _sealed(edition: Edition) -> dict[str, int]:
    mine = select(ChannelTotal.contest, func.sum(ChannelTotal.ballots)).where(
        ChannelTotal.edition_id == edition.id, ChannelTotal.contest != CITYWIDE
    )
    return {row[0]: int(row[1]) for row in db.session.execute(mine.group_by(ChannelTotal.contest))}
