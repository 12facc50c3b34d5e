"""The live monitor: turnout, ballots that were not taken, paper; by groups with small numbers hidden."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from babel.dates import format_skeleton, format_time
from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sdk import BYTE_ORDER_MARK, _, csv_lines, language, line_chart, may, number, render, requires

from ...models import Edition
from ...rules.phases import Phase
from ...rules.statistics.comparing import Verdict
from ...services import editions, turnout
from ...services.statistics import attempts, breakdown, contests, paper, representativeness
from ...services.statistics.wording import GroupNames, attempt_text, dimension_text, verdict_text
from ..blueprint import bp
from ..sections import Group, Section, section

LATELY = timedelta(hours=1)


@bp.get("/<uuid:edition_id>/monitor")
@requires("participatory_budget.view")
def monitor(edition_id: UUID) -> str:
    """Show how the vote goes: how many take part, from where, and what was refused; never a choice."""
    edition = editions.by_id(edition_id)
    hours = breakdown.last_hours(edition)
    return render(
        "participatory_budget/admin/monitor/monitor.html",
        edition=edition,
        phase=editions.phase(edition),
        voters=turnout.totals([edition]).get(edition.id, 0),
        hours=[(_("%(day)s, %(time)s", day=_day(hour), time=_clock(hour)), voters) for hour, voters in hours],
        chart=_chart(hours),
        breakdowns=breakdown.breakdowns(edition),
        by_contest=contests.by_contest(edition),
        comparisons=representativeness.comparisons(edition),
        source=representativeness.source_of(edition),
        is_live=representativeness.is_live(edition),
        attempts=attempts.counted(edition),
        lately=attempts.counted(edition, within=LATELY),
        paper=paper.progress(edition),
        group_name=GroupNames(edition),
        dimension_text=dimension_text,
        verdict_text=verdict_text,
        attempt_text=attempt_text,
        verdicts=Verdict,
    )


@bp.get("/<uuid:edition_id>/monitor.csv")
@requires("participatory_budget.view")
def monitor_table(edition_id: UUID) -> Response:
    """Download turnout by groups, hidden as on the page."""
    edition = editions.by_id(edition_id)
    rows: list[list[str | int | None]] = [["dimension", "value", "voters"]]
    for one in breakdown.breakdowns(edition):
        rows += [[one.dimension.value, line.value, _cell(line.voters)] for line in one.lines]
    response = Response(BYTE_ORDER_MARK + csv_lines(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{edition.slug}-turnout.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<uuid:edition_id>/monitor/live")
@requires("participatory_budget.manage")
def live_turnout(edition_id: UUID) -> ResponseReturnValue:
    """Say whether residents see who takes part while the vote is open."""
    live = request.form.get("live") == "1"
    representativeness.show_live(edition_id, live=live)
    words = (
        _("Residents see it while the vote is open, in tens.")
        if live
        else _("Residents see it after the close.")
    )
    flash(words, "ok")
    return redirect(url_for(".monitor", edition_id=edition_id), 303)


@section(500)
def _on_hub(edition: Edition) -> Section | None:
    if edition.imported or editions.phase(edition) in (Phase.DRAFT, Phase.PUBLISHED):
        return None
    return Section(
        _("Monitor"),
        url_for("participatory_budget_admin.monitor", edition_id=edition.id),
        hint=_("Who takes part, hour by hour and against the census; ballots that were refused."),
        group=Group.RUN,
    )


@section(820)
def _census(edition: Edition) -> Section | None:
    if edition.imported or not may("participatory_budget.manage"):
        return None
    has = bool(representativeness.source_of(edition))
    return Section(
        _("Census figures"),
        url_for("participatory_budget_admin.census", edition_id=edition.id),
        hint=_("There are figures to compare voters with.")
        if has
        else _("How many people live where: to see who is missing while there is time to invite them."),
        group=Group.SET_UP,
    )


def _cell(voters: int | None) -> str | int:
    return "hidden" if voters is None else voters


def _day(hour: datetime) -> str:
    return str(format_skeleton("MMMd", hour, locale=language()))


def _clock(hour: datetime) -> str:
    return str(format_time(hour, "short", locale=language()))


def _chart(hours: Sequence[tuple[datetime, int | None]]) -> Markup | None:
    points = [(_day(hour), voters or 0) for hour, voters in hours]
    if len(points) < 2:
        return None
    return line_chart(points, label=_("People who voted in each of the last hours"), show=number)
