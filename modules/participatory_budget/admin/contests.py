"""The contests of an edition: a table of districts and the whole city, each with its money."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, may, money, render, requires

from ..forms.contests import ContestsForm
from ..models import Edition
from ..rules.contests import ContestsBy
from ..services import contests as service
from ..services import editing, editions
from ..services.marks import mark
from .blueprint import bp
from .hub import drop_changes, to_hub
from .sections import Section, section


@section(30)
def _line(edition: Edition) -> Section | None:
    """Offer to divide the vote by its districts; once it is divided, the checklist leads there."""
    if edition.imported or not edition.districts or not may("participatory_budget.manage"):
        return None
    if edition.contests_by is ContestsBy.DISTRICT:
        return None
    url = url_for("participatory_budget_admin.contests", edition_id=edition.id)
    return Section(_("Contests"), url, _("One vote: all projects stand together."))


@bp.route("/<uuid:edition_id>/contests", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def contests(edition_id: UUID) -> ResponseReturnValue:
    """Say whether districts vote apart, with which money and limits, and where goes what is left."""
    edition = editions.by_id(edition_id)
    form = ContestsForm.of(edition)
    if not form.sent():
        return _page(edition, form), form.status
    try:
        saved = service.change_contests(edition_id, form.contests(), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(service.contests_as_saved(edition))
        return _page(edition, form, problem=str(error)), status
    left = service.unassigned(saved)
    if saved.contests_by is ContestsBy.DISTRICT and left:
        flash(
            _("%(amount)s of the whole sum belong to nobody yet.", amount=money(left, saved.currency)), "warn"
        )
    return to_hub(saved, _("The contests are saved."))


def _page(edition: Edition, form: ContestsForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/contests.html",
        edition=edition,
        form=form,
        problem=problem,
        locked=not editing.may_change_ballot(edition) and not problem,
        by_district=edition.contests_by is ContestsBy.DISTRICT,
    )
