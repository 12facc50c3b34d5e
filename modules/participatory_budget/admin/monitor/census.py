"""Figures of the census, to compare voters with while the vote runs."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, render, requires

from ...forms.census import CensusForm
from ...models import Edition
from ...rules.statistics.ages import NAMES
from ...services import editions
from ...services.statistics import representativeness
from ...services.statistics.wording import GroupNames, dimension_text
from ..blueprint import bp
from ..hub import drop_changes


@bp.route("/<uuid:edition_id>/census", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def census(edition_id: UUID) -> ResponseReturnValue:
    """Take a small table of people by district, age class and sex."""
    edition = editions.by_id(edition_id)
    form = CensusForm(data={"source": representativeness.source_of(edition)})
    if not form.sent() or form.census is None:
        return _page(edition, form), form.status
    try:
        representativeness.keep(edition_id, form.census, str(form.source.data))
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), form, problem=str(error)), status
    flash(_("The figures are kept. The monitor compares voters with them."), "ok")
    return redirect(url_for(".census", edition_id=edition_id), 303)


@bp.post("/<uuid:edition_id>/census/remove")
@requires("participatory_budget.manage")
def remove_census(edition_id: UUID) -> ResponseReturnValue:
    """Take the figures away."""
    representativeness.forget(edition_id)
    flash(_("The figures are gone."), "ok")
    return redirect(url_for(".census", edition_id=edition_id), 303)


def _page(edition: Edition, form: CensusForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/monitor/census.html",
        edition=edition,
        form=form,
        people=representativeness.census_of(edition),
        source=representativeness.source_of(edition),
        ages=NAMES,
        group_name=GroupNames(edition),
        dimension_text=dimension_text,
        problem=problem,
    )
