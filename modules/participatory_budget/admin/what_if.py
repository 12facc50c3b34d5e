"""What other rules would have made of past votes, before staff choose the rule of the next."""

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, db, may, render, requires

from ..forms.what_if import WhatIfForm
from ..models import Edition
from ..services import editions
from ..services import what_if as service
from ..services.what_if_words import law_name
from .blueprint import bp
from .sections import Section, section


@section(90)
def _line(edition: Edition) -> Section | None:
    """Offer the comparison while the rule can still be chosen."""
    if not editions.may_change(edition) or edition.imported or not may("participatory_budget.manage"):
        return None
    url = url_for("participatory_budget_admin.what_if")
    return Section(_("Compare rules"), url, _("What other rules would have made of past votes."))


@bp.route("/what-if", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def what_if() -> ResponseReturnValue:
    """Choose a past vote and the rules to look at."""
    past = service.past_editions()
    form = WhatIfForm()
    form.offer(past)
    if not form.sent():
        return _page(form, past), form.status
    try:
        asked = service.ask(form.edition_id, form.laws.data)
    except ServiceError as error:
        db.session.rollback()
        form.refuse(form.laws, error)
        return _page(form, service.past_editions()), form.status
    return redirect(url_for("participatory_budget_admin.what_if_found", preview_id=asked.id), 303)


@bp.get("/what-if/<uuid:preview_id>")
@requires("participatory_budget.manage")
def what_if_found(preview_id: UUID) -> str:
    """Show winners, money and ballots served under each rule side by side."""
    asked = service.preview(preview_id)
    return render(
        "participatory_budget/admin/what_if_found.html",
        asked=asked,
        edition=editions.by_id(asked.edition_id),
        columns=service.columns(asked),
        lines=service.lines(asked),
        law_name=law_name,
    )


def _page(form: WhatIfForm, past: object) -> str:
    return render("participatory_budget/admin/what_if.html", form=form, past=past)
