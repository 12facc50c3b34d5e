"""The figures of a period: what was kept of the days before, and today as it is now."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import case, func, select

from app.core.clock import today
from app.core.db import db
from app.web.statistics.hiding import Shown, shown
from app.web.statistics.measures import Measure, Statistic

LONGEST = 366 * 3
MOST_POINTS = 31
MOST_VALUES, OTHERS = 50, "…"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """Return the period of the same length before this one."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def step(self) -> int:
        """Return how many days one line of a table and one point of a chart stand for."""
        return math.ceil(self.days / MOST_POINTS)

    def starts(self) -> list[date]:
        """Return the first days of the steps, in order."""
        return [self.first + timedelta(days=number) for number in range(0, self.days, self.step)]


@dataclass(frozen=True, slots=True)
class Figures:
    """One measure in a period."""

    measure: Measure
    period: Period
    by_step: Shown
    by_value: Shown
    values: Sequence[str]
    """The values of the dimension, the largest first."""
    total: int | None
    """None when it is too small to be shown."""
    before: int | None

    @property
    def change(self) -> int | None:
        """Return the change against the period before in per cent; None where it cannot be told."""
        if not self.total or not self.before:
            return None
        return round(100 * (self.total - self.before) / self.before)


def figures(wanted: Sequence[Measure], period: Period) -> list[Figures]:
    """Return the figures of measures of one module in a period."""
    if not wanted:
        return []
    kept = _kept(wanted, period)
    return [_figures(one, period, kept[one.key]) for one in wanted]


@dataclass(slots=True)
class _Sums:
    steps: dict[int, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    before: int = 0


def _kept(wanted: Sequence[Measure], period: Period) -> Mapping[str, _Sums]:
    """Return the sums of the kept days by step, by value and of the period before; one question for all measures."""
    step = case((Statistic.day < period.first, -1), else_=(Statistic.day - period.first) / period.step).label(
        "step"
    )
    value = case((Statistic.day < period.first, ""), else_=Statistic.dimension).label("value")
    asked = (
        select(Statistic.measure, step, value, func.sum(Statistic.number))
        .where(
            Statistic.module == wanted[0].module,
            Statistic.measure.in_([one.key for one in wanted]),
            Statistic.day >= period.before.first,
            Statistic.day <= period.last,
            Statistic.day < today(),
        )
        .group_by(Statistic.measure, step, value)
    )
    found = {one.key: _Sums() for one in wanted}
    for key, at, name, number in db.session.execute(asked):
        sums = found[key]
        if at < 0:
            sums.before += int(number)
            continue
        sums.steps[at] = sums.steps.get(at, 0) + int(number)
        sums.values[name] = sums.values.get(name, 0) + int(number)
    if period.first <= today() <= period.last:
        _add_today(wanted, found, period)
    return found


def _add_today(wanted: Sequence[Measure], found: Mapping[str, _Sums], period: Period) -> None:
    at = (today() - period.first).days // period.step
    for one in wanted:
        sums = found[one.key]
        for name, number in one.count(today()):
            sums.steps[at] = sums.steps.get(at, 0) + number
            sums.values[name] = sums.values.get(name, 0) + number


def _figures(one: Measure, period: Period, sums: _Sums) -> Figures:
    least = None if one.of_people else 0
    steps = [sums.steps.get(number, 0) for number in range(len(period.starts()))]
    values = _with_others(sums.values)
    by_step = _shown(steps, least)
    by_value = _shown([sums.values[name] for name in values], least)
    both = by_step.total is not None and by_value.total is not None
    return Figures(
        measure=one,
        period=period,
        by_step=by_step,
        by_value=by_value,
        values=values,
        total=sum(steps) if both or (not one.by and by_step.total is not None) else None,
        before=_shown([sums.before], least).total,
    )


def _with_others(values: dict[str, int]) -> list[str]:
    """Return the values, the largest first; what comes after the fiftieth is put together."""
    ordered = sorted(values, key=lambda name: (-values[name], name))
    if len(ordered) <= MOST_VALUES:
        return ordered
    rest = ordered[MOST_VALUES - 1 :]
    values[OTHERS] = sum(values[name] for name in rest)
    return [*ordered[: MOST_VALUES - 1], OTHERS]


def _shown(numbers: Sequence[int], least: int | None) -> Shown:
    return shown(numbers) if least is None else shown(numbers, least)
