"""Turnout by what voters have in common, with small numbers hidden so that none follows from the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import cast, func, literal, select, union_all

from app.sdk import ShownNumbers, db, district_names, hide_small, local

from ...models import Arrival, Edition, TurnoutShare
from ...rules.statistics.ages import NAMES
from ...rules.statistics.census import Dimension
from ...rules.statistics.small import LEAST
from ...rules.ways import Channel
from ..turnout import MOST_HOURS, by_hour

ROUNDED_TO = 10
"""While the vote is open residents see tens: two looks at the page say nothing about whoever voted between them."""
_COLUMNS = {
    Dimension.CHANNEL: Arrival.channel,
    Dimension.DISTRICT: Arrival.district,
    Dimension.AGE: Arrival.age,
    Dimension.SEX: Arrival.sex,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One group; `voters` is None where the number is hidden."""

    value: str
    voters: int | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Voters by one dimension; the total is None where it would give a hidden number away."""

    dimension: Dimension
    lines: Sequence[Line]
    total: int | None

    @property
    def hides(self) -> bool:
        """Tell whether anything is hidden."""
        return self.total is None or any(line.voters is None for line in self.lines)

    @property
    def says_something(self) -> bool:
        """Tell whether anything but the unknown is counted."""
        return any(line.value for line in self.lines)

    @property
    def shown(self) -> Mapping[str, int | None]:
        """Return the number of each group."""
        return {line.value: line.voters for line in self.lines}

    @property
    def known(self) -> int | None:
        """Return of how many voters the group is known; None where that is hidden."""
        unknown = self.shown.get("", 0)
        return None if self.total is None or unknown is None else self.total - unknown


def breakdowns(edition: Edition, *, rounded: bool = False) -> Sequence[Breakdown]:
    """Return turnout by channel, district, age class and sex; what has just come is in it for staff only.

    Rounded numbers are for residents while the vote is open: of what was added up alone, down to tens.
    """
    counted = _numbers(edition, fresh=not rounded)
    return [_hidden(dimension, counted.get(dimension, {}), rounded=rounded) for dimension in Dimension]


def hours(edition: Edition) -> Sequence[tuple[int, int | None]]:
    """Return how many voted at each hour of the day by the city's clocks, over the whole vote."""
    counted = by_hour()
    found = select(counted.c.hour, func.sum(counted.c.voters)).where(counted.c.edition_id == edition.id)
    rows = db.session.execute(found.group_by(counted.c.hour).limit(MOST_HOURS))
    sums = dict.fromkeys(range(24), 0)
    for hour, voters in rows:
        sums[local(hour).hour] += int(voters)
    shown = hide_small([max(0, number) for number in sums.values()], LEAST)
    return list(zip(sums, shown.numbers, strict=True))


def last_hours(edition: Edition, most: int = 48) -> Sequence[tuple[datetime, int | None]]:
    """Return the newest hours in which somebody voted, the oldest first, by the city's clocks."""
    counted = by_hour()
    found = select(counted.c.hour, func.sum(counted.c.voters)).where(counted.c.edition_id == edition.id)
    newest = found.group_by(counted.c.hour).order_by(counted.c.hour.desc()).limit(most)
    rows = [(local(hour), max(0, int(voters))) for hour, voters in db.session.execute(newest)][::-1]
    numbers = hide_small([voters for _hour, voters in rows], LEAST).numbers
    return [(hour, voters) for (hour, _all), voters in zip(rows, numbers, strict=True)]


def titles(edition: Edition, dimension: Dimension) -> Mapping[str, str]:
    """Return what people call each district; other groups are called what they are."""
    if dimension is not Dimension.DISTRICT:
        return {}
    own = {district.key: district.name for district in edition.districts}
    return {**own, **district_names()}


def _numbers(edition: Edition, *, fresh: bool) -> Mapping[Dimension, Mapping[str, int]]:
    """Return voters by dimension and group, asked in one question."""
    kept = select(TurnoutShare.dimension, TurnoutShare.value, TurnoutShare.voters)
    parts = [kept.where(TurnoutShare.edition_id == edition.id)]
    if fresh:
        for dimension, column in _COLUMNS.items():
            row = select(
                cast(literal(dimension), TurnoutShare.dimension.type).label("dimension"),
                cast(column, TurnoutShare.value.type).label("value"),
                func.sum(Arrival.voters).label("voters"),
            )
            parts.append(row.where(Arrival.edition_id == edition.id).group_by(column))
    every = union_all(*parts).subquery()
    found = select(every.c.dimension, every.c.value, func.sum(every.c.voters))
    rows = db.session.execute(
        found.group_by(every.c.dimension, every.c.value).order_by(every.c.dimension, every.c.value)
    )
    return {
        Dimension(dimension): {row[1]: max(0, int(row[2])) for row in group}
        for dimension, group in groupby(rows, key=lambda row: row[0])
    }


def _hidden(dimension: Dimension, counted: Mapping[str, int], *, rounded: bool) -> Breakdown:
    values = _in_order(dimension, counted)
    shown = hide_small([counted.get(value, 0) for value in values], LEAST)
    if rounded:
        shown = ShownNumbers([_tens(number) for number in shown.numbers], _tens(shown.total))
    lines = [Line(value, number) for value, number in zip(values, shown.numbers, strict=True)]
    return Breakdown(dimension, lines, shown.total)


def _tens(number: int | None) -> int | None:
    return None if number is None else number - number % ROUNDED_TO


def _in_order(dimension: Dimension, counted: Mapping[str, int]) -> Sequence[str]:
    """Return the groups: age classes and channels in their own order, others by size; the unknown last."""
    known = {
        Dimension.AGE: NAMES,
        Dimension.CHANNEL: tuple(channel.value for channel in Channel),
    }.get(dimension, tuple(sorted((v for v in counted if v), key=lambda value: (-counted[value], value))))
    return [value for value in (*known, "") if value in counted]
