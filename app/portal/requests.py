"""My requests: what somebody has asked of the city, with an account or with a reference alone."""

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.accounts import current_account, sign_in_required
from app.core.context import current_city
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.forms import Form, at_most, given, required
from app.web.gates import city_blueprint
from app.web.page import render
from app.web.requests import can_be_followed, requests_with, show_to_guest
from app.web.throttle import throttle

bp = city_blueprint("portal_requests", __name__)
SUGGESTED = 3


class FollowForm(Form):
    """What a guest knows of a request."""

    reference = StringField(
        _l("Reference"),
        [required(_l("Type the reference.")), at_most(60)],
        description=_l("It is in the mail that you got and on the last page of the form."),
    )
    email = StringField(_l("E-mail address"), [required(_l("Type your e-mail address.")), at_most(254)])


@bp.get("/my-requests")
@sign_in_required
def mine() -> ResponseReturnValue:
    """List what the one signed in has asked of the city."""
    account = current_account()
    if account is None:
        raise NotFound(_("There is no such page."))
    on = current_city().modules
    services = [m for m in modules().values() if m.name in on and m.in_menu]
    page = render(
        "portal/requests.html",
        requests=requests_with(account),
        services=services[:SUGGESTED],
        can_be_followed=can_be_followed(),
    )
    return page, {"Cache-Control": "no-store"}


@bp.route("/r", methods=["GET", "POST"])
@bp.route("/r/<reference>", methods=["GET", "POST"])
def follow(reference: str = "") -> ResponseReturnValue:
    """Lead whoever knows a reference and its e-mail address to the request; any other pair gets the same answer."""
    form = FollowForm(reference=reference)
    if form.sent():
        typed, email = given(form.reference), given(form.email)
        throttle("follow", email, of_both="10 per hour", of_network="30 per hour", of_email="60 per hour")
        found = show_to_guest(typed, email)
        if found is not None:
            return redirect(found.url, 303)
        form.form_errors.append(
            _("No request goes with this reference and address. Compare both with the mail that you got.")
        )
        return render("portal/follow.html", form=form), 422
    page = render("portal/follow.html", form=form)
    return page, form.status if request.method == "POST" else 200
