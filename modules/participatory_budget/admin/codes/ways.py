"""How people vote in an edition."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, may, render, requires

from ...forms.voting import WaysForm
from ...models import Edition
from ...services import access, editing, editions
from ...services.eligibility import rule_of
from ...services.marks import mark
from ..blueprint import bp
from ..hub import drop_changes, to_hub
from ..sections import Section, section


@section(30)
def _line(edition: Edition) -> Section | None:
    """Lead to the ways to vote; an imported vote was held elsewhere."""
    if edition.imported or not may("participatory_budget.manage"):
        return None
    names = ", ".join(access.way_title(way) for way in access.access_of(edition).ways)
    return Section(
        _("How people vote"), url_for("participatory_budget_admin.ways", edition_id=edition.id), names
    )


@bp.route("/<uuid:edition_id>/ways", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def ways(edition_id: UUID) -> ResponseReturnValue:
    """Say with what people vote, and what counts when somebody votes twice."""
    edition = editions.by_id(edition_id)
    form = WaysForm.of(edition)
    if not form.sent():
        return _page(edition, form), form.status
    try:
        saved = access.change_access(edition_id, form.access(), seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(access.access_of(edition))
        return _page(edition, form, problem=str(error)), status
    return to_hub(saved, _("It is saved how people vote."))


def _page(edition: Edition, form: WaysForm, *, problem: str = "") -> str:
    rule = rule_of(edition)
    return render(
        "participatory_budget/admin/codes/ways.html",
        edition=edition,
        form=form,
        problem=problem,
        locked=not editing.may_change_ballot(edition) and not problem,
        shown=access.shown(edition),
        duplicates=access.duplicates_text(access.access_of(edition).duplicates),
        declarable=rule is None or access.is_declarable(rule),
        has_rule=rule is not None and bool(rule.needs),
    )
