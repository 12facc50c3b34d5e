"""Open data: the city's figures of past months, where the city publishes them.

Months only, and whole ones: periods that anybody may choose could be subtracted from one another, and the difference
would tell what each of them hides.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from flask import Response, abort, jsonify
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.core.settings import stored
from app.registry import modules
from app.web.gates import city_blueprint
from app.web.page import render
from app.web.spreadsheets import csv_lines
from app.web.statistics.figures import Period, figures
from app.web.statistics.measures import PLATFORM, measures

bp = city_blueprint("portal_open", __name__)
bp.before_request(lambda: None if stored("platform.statistics").get("open") else abort(404))
MONTHS = 12
COLUMNS = ("measure", "month", "value", "number")
Row = dict[str, str | int | None]


@bp.get("/open")
def listed() -> str:
    """List what is published."""
    names = dict.fromkeys(one.module for one in measures())
    titled = [(name, _("The city") if name == PLATFORM else _(modules()[name].title)) for name in names]
    return render("portal/open.html", modules=titled, months=MONTHS)


@bp.get("/open/<module>.csv")
def as_csv(module: str) -> Response:
    """Return the figures of a module as CSV; an empty number is one that is not shown."""
    lines = ([row.get(column) for column in COLUMNS] for row in _rows(module))
    return Response(csv_lines([COLUMNS, *lines]), mimetype="text/csv")


@bp.get("/open/<module>.json")
def as_json(module: str) -> ResponseReturnValue:
    """Return the figures of a module as JSON; null is a number that is not shown."""
    return jsonify({"city": current_city().name, "module": module, "figures": list(_rows(module))})


def _rows(module: str) -> Iterator[Row]:
    wanted = measures(module)
    if not wanted:
        abort(404)
    for month in _months(today()):
        for one in figures(wanted, month):
            line = {"measure": one.measure.key, "month": f"{month.first:%Y-%m}"}
            yield {**line, "value": "", "number": one.total}
            if one.measure.by:
                for value, shown in zip(one.values, one.by_value.numbers, strict=True):
                    yield {**line, "value": value, "number": shown}


def _months(day: date) -> list[Period]:
    """Return the last whole months, the newest first."""
    found, end = [], day.replace(day=1) - timedelta(days=1)
    for _number in range(MONTHS):
        found.append(Period(end.replace(day=1), end))
        end = end.replace(day=1) - timedelta(days=1)
    return found
