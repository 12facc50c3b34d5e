"""Statistics: figures of a period against the one before, as boxes, charts, tables and CSV."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.accounts.current import works_in
from app.console.blueprint import bp
from app.core.audit import audit
from app.core.clock import today
from app.core.context import current_city
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.i18n import language
from app.core.settings import store, stored
from app.registry import modules
from app.web.filters import number
from app.web.forms import Form
from app.web.gates import requires
from app.web.look.charts import line
from app.web.page import render
from app.web.spreadsheets import BYTE_ORDER_MARK, csv_lines
from app.web.statistics.figures import LONGEST, Figures, Period, figures
from app.web.statistics.measures import PLATFORM, Measure, measures

USUAL = 30
CHARTS = 3
OPEN = "platform.statistics"


@dataclass(frozen=True, slots=True)
class Asked:
    """The period that the address asks for, with what is wrong about it."""

    period: Period
    trouble: str = ""


@bp.get("/statistics/")
@bp.get("/statistics/<module>")
def statistics(module: str = PLATFORM) -> ResponseReturnValue:
    """Show the figures of the city, or of one module."""
    wanted, asked = _wanted(module), _asked(request.args)
    found = figures(wanted, asked.period)
    page = render(
        "console/statistics.html",
        module=module,
        tabs=_tabs(module),
        asked=asked,
        figures=found,
        charts=[_chart(one) for one in found[:CHARTS]],
        steps=[_step_name(asked.period, start) for start in asked.period.starts()],
        is_open=bool(stored(OPEN).get("open")),
        csv=url_for(".statistics_csv", module=module, first=asked.period.first, last=asked.period.last),
    )
    return page, 422 if asked.trouble else 200


@bp.get("/statistics/<module>.csv")
def statistics_csv(module: str) -> Response:
    """Return the figures of a period as a spreadsheet."""
    period = _asked(request.args).period
    text = BYTE_ORDER_MARK + csv_lines(rows(figures(_wanted(module), period)))
    name = f"{current_city().slug}-{module}-{period.first}-{period.last}.csv"
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/statistics/open")
@requires("console.manage")
def statistics_open() -> ResponseReturnValue:
    """Publish the figures of past months as open data, or stop it."""
    if Form().sent():
        on = request.form.get("on") == "1"
        store(OPEN, {"open": on})
        audit("statistics.opened" if on else "statistics.closed")
        flash(_("The figures are open data now.") if on else _("The figures are no longer open data."), "ok")
    return redirect(url_for(".statistics"), 303)


def rows(found: Sequence[Figures]) -> Iterator[list[str]]:
    """Yield the lines of a file: measure, from, to, value of the dimension, number; empty for what is hidden."""
    yield ["measure", "from", "to", "value", "number"]
    for one in found:
        key, period = one.measure.key, one.period
        for start, shown in zip(period.starts(), one.by_step.numbers, strict=True):
            end = min(start + timedelta(days=period.step - 1), period.last)
            yield [key, str(start), str(end), "", _plain(shown)]
        if one.measure.by:
            for value, shown in zip(one.values, one.by_value.numbers, strict=True):
                yield [key, str(period.first), str(period.last), value, _plain(shown)]
        yield [key, str(period.first), str(period.last), "", _plain(one.total)]


def _plain(shown: int | None) -> str:
    return "" if shown is None else str(shown)


def _wanted(module: str) -> list[Measure]:
    found = measures(module)
    if not found or (module != PLATFORM and not works_in(module)):
        raise NotFound(_("There are no statistics of this module."))
    return found


def _tabs(module: str) -> list[tuple[str, str, bool]]:
    names = dict.fromkeys(one.module for one in measures())
    return [
        (
            _("The city") if name == PLATFORM else _(modules()[name].title),
            url_for(".statistics", module=name) if name != PLATFORM else url_for(".statistics"),
            name == module,
        )
        for name in names
        if name == PLATFORM or works_in(name)
    ]


def _asked(args: Mapping[str, str]) -> Asked:
    day = today()
    usual = Period(day - timedelta(days=USUAL - 1), day)
    typed = args.get("first"), args.get("last")
    if not any(typed):
        return Asked(usual)
    try:
        first, last = (date.fromisoformat(text or "") for text in typed)
    except ValueError:
        return Asked(usual, _("Enter both days as year-month-day, for example 2026-01-31."))
    if first > last:
        return Asked(usual, _("The period ends before it begins."))
    if (last - first).days >= LONGEST or first.year < 2000 or last > day + timedelta(days=366):
        return Asked(usual, _("Choose a period of at most three years."))
    return Asked(Period(first, last))


def _chart(one: Figures) -> Markup:
    names = [_step_name(one.period, start) for start in one.period.starts()]
    points = [(name, shown or 0) for name, shown in zip(names, one.by_step.numbers, strict=True)]
    return line(points, label=str(one.measure.title), show=number)


def _step_name(period: Period, start: date) -> str:
    return format_skeleton("MMMd" if period.days < 300 else "yMMMd", start, locale=language())
