"""Counting in the background what the days before were, so that pages add up a few rows instead of looking at everything."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.clock import today
from app.core.db import db
from app.core.jobs import task
from app.web.statistics.measures import Measure, Statistic, measures

AGAIN = 3
"""How many days are counted again each time: what arrived late is counted, too."""
AT_FIRST = 90


@task("statistics.count", every=timedelta(hours=3))
def count() -> None:
    """Count the last days of the city, and the last months of what has never been counted."""
    last = select(Statistic.module, Statistic.measure, func.max(Statistic.day))
    rows = db.session.execute(last.group_by(Statistic.module, Statistic.measure))
    newest = {(row[0], row[1]): row[2] for row in rows}
    for one in measures():
        if one.looks_back:
            fill(one, _days(newest.get((one.module, one.key)), today()))
        else:
            _keep_larger(one, today())


def fill(one: Measure, days: Iterable[date]) -> None:
    """Keep what there was on some days, in place of what was counted before."""
    for day in days:
        db.session.execute(
            delete(Statistic).where(
                Statistic.module == one.module, Statistic.measure == one.key, Statistic.day == day
            )
        )
        rows = [
            {"module": one.module, "measure": one.key, "day": day, "dimension": value[:80], "number": number}
            for value, number in one.count(day)
            if number
        ]
        if rows:
            db.session.execute(insert(Statistic), rows)


def _keep_larger(one: Measure, day: date) -> None:
    """Keep what is counted now unless more was counted earlier in the day: who was here may have gone."""
    for value, number in one.count(day):
        new = {
            "module": one.module,
            "measure": one.key,
            "day": day,
            "dimension": value[:80],
            "number": number,
        }
        added = upsert(Statistic).values(new)
        larger = {"number": func.greatest(Statistic.number, added.excluded.number)}
        db.session.execute(
            added.on_conflict_do_update(index_elements=["module", "measure", "day", "dimension"], set_=larger)
        )


def _days(newest: date | None, day: date) -> list[date]:
    """Return the days to count: yesterday and some before it, further back where nothing is known."""
    back = min(max(AGAIN, (day - newest).days), AT_FIRST) if newest else AT_FIRST
    return [day - timedelta(days=number) for number in range(back, 0, -1)]
