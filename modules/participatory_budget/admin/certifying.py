"""Two people sign the draft of a result; then it is published, at once or at a time they choose."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from app.sdk import Conflict, Form, ServiceError, _, current_account, fresh, render, requires

from ..forms.dates import PublishForm
from ..models import Edition
from ..services import certifying, counting, editions
from ..services import results as service
from .blueprint import bp
from .hub import board_of, drop_changes, to_hub


class SignForm(Form):
    """A signature under exactly what the page showed."""

    seen = HiddenField()


@bp.route("/<uuid:edition_id>/certify", methods=["GET", "POST"])
@requires("participatory_budget.publish")
@fresh
def certify(edition_id: UUID) -> ResponseReturnValue:
    """Show what would be published with its digests and everything that was left out, and take a signature."""
    edition, form = editions.by_id(edition_id), SignForm()
    if not form.sent():
        return _page(edition)
    signer = current_account()
    if signer is None:
        raise Conflict(_("A result is signed by people of the city, with an account of their own."))
    try:
        count = certifying.certify(
            edition_id, certifying.Signer(signer.id, signer.name), form.seen.data or ""
        )
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), problem=str(error)), status
    if certifying.is_certified(count):
        return to_hub(edition, _("Two people have signed the result. It can be published."))
    return to_hub(edition, _("You have signed the result. Now a second person has to sign it."))


@bp.route("/<uuid:edition_id>/publish-later", methods=["GET", "POST"])
@requires("participatory_budget.publish")
@fresh
def publish_later(edition_id: UUID) -> ResponseReturnValue:
    """Set the time at which a certified result is shown; nobody else sees it before."""
    edition, form = editions.by_id(edition_id), PublishForm()
    if not form.sent() or form.at is None:
        return _later(edition, form), form.status
    try:
        certifying.publish_result(edition_id, form.at)
    except ServiceError as error:
        status = drop_changes(error)
        return _later(editions.by_id(edition_id), form, problem=str(error)), status
    return to_hub(edition, _("The result will be published by itself."))


def _page(edition: Edition, *, problem: str = "") -> str:
    count, me = counting.finished(edition), current_account()
    signatures = certifying.certificates(count)
    return render(
        "participatory_budget/admin/certify.html",
        edition=edition,
        board=board_of(edition),
        count=count,
        results=service.drafted(edition),
        seen=certifying.digest_of(count),
        certificates=signatures,
        signed=me is not None and any(one.account_id == me.id for one in signatures),
        problem=problem,
    )


def _later(edition: Edition, form: PublishForm, *, problem: str = "") -> str:
    page = "participatory_budget/admin/publish_later.html"
    return render(page, edition=edition, form=form, problem=problem)
