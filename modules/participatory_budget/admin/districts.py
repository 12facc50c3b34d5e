"""The districts of an edition."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, may, ngettext, render, requires

from ..forms.categories import DistrictsForm
from ..models import Edition
from ..services import districts as service
from ..services import editions
from ..services.marks import mark
from .blueprint import bp
from .hub import drop_changes, to_hub
from .sections import Section, section


@section(20)
def _line(edition: Edition) -> Section | None:
    """Lead to the districts; small cities have none, so nothing waits here."""
    if not may("participatory_budget.manage"):
        return None
    found = len(edition.districts)
    hint = ngettext("%(num)d district", "%(num)d districts", found) if found else _("None")
    return Section(
        _("Districts"), url_for("participatory_budget_admin.districts", edition_id=edition.id), hint
    )


@bp.route("/<uuid:edition_id>/districts", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def districts(edition_id: UUID) -> ResponseReturnValue:
    """Name the districts that projects can be for."""
    edition = editions.by_id(edition_id)
    form = DistrictsForm.of(edition)
    if not form.sent():
        return _page(edition, form), form.status
    try:
        saved = service.change(edition_id, form.districts(), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(service.names_of(edition))
        return _page(edition, form, problem=str(error)), status
    return to_hub(saved, _("The districts are saved."))


def _page(edition: Edition, form: DistrictsForm, *, problem: str = "") -> str:
    locked = not editions.may_change(edition) and not problem
    return render(
        "participatory_budget/admin/districts.html",
        edition=edition,
        form=form,
        problem=problem,
        locked=locked,
    )
