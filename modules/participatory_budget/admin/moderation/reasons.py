"""The texts that moderators choose when they refuse, ask or hide."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, render, requires

from ...forms.moderation import ReasonForm
from ...models import Edition
from ...services import editions
from ...services.moderation import reasons as service
from ..blueprint import bp
from ..hub import drop_changes


@bp.route("/<uuid:edition_id>/moderation/texts", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def reasons(edition_id: UUID) -> ResponseReturnValue:
    """List the texts, and add one."""
    edition = editions.by_id(edition_id)
    form = ReasonForm()
    if not form.sent():
        return _list(edition, form), form.status
    try:
        service.add(edition_id, form.name.data, form.text.data)
    except ServiceError as error:
        status = drop_changes(error)
        return _list(editions.by_id(edition_id), form, problem=str(error)), status
    return _back(edition_id, _("The text is added."))


@bp.route("/<uuid:edition_id>/moderation/texts/<uuid:reason_id>", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def reason(edition_id: UUID, reason_id: UUID) -> ResponseReturnValue:
    """Change a text."""
    edition = editions.by_id(edition_id)
    found = service.reason(edition, reason_id)
    form = ReasonForm.of(found)
    if not form.sent():
        page = render(
            "participatory_budget/admin/moderation/reason.html", edition=edition, reason=found, form=form
        )
        return page, form.status
    service.change(edition_id, reason_id, form.name.data, form.text.data)
    return _back(edition_id, _("The text is saved."))


@bp.post("/<uuid:edition_id>/moderation/texts/<uuid:reason_id>/remove")
@requires("participatory_budget.manage")
def remove_reason(edition_id: UUID, reason_id: UUID) -> ResponseReturnValue:
    """Take a text off the list."""
    service.remove(edition_id, reason_id)
    return _back(edition_id, _("The text is removed."))


@bp.post("/<uuid:edition_id>/moderation/texts/usual")
@requires("participatory_budget.manage")
def usual_reasons(edition_id: UUID) -> ResponseReturnValue:
    """Make the usual texts the edition's own."""
    service.take_usual(edition_id)
    return _back(edition_id, _("These texts are now yours to change."))


def _list(edition: Edition, form: ReasonForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/moderation/reasons.html",
        edition=edition,
        form=form,
        problem=problem,
        own=service.own_reasons(edition),
        reasons=service.reasons(edition),
    )


def _back(edition_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for(".reasons", edition_id=edition_id), 303)
