"""The door of the operators' console: sign in with both factors at once, and sign out."""

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.operators import entering, sessions, visits
from app.apex.operators.blueprint import bp, door, me, usable
from app.apex.operators.forms import SignInForm
from app.core.context import Actor, acting
from app.core.db import end_transaction
from app.core.errors import Invalid, TooMany
from app.core.i18n import gettext as _
from app.web.forms import given
from app.web.page import render
from app.web.throttle import throttle
from tenants.journal import note
from tenants.models import Operator

TRIES = {"of_both": "10 per 15 minutes", "of_network": "60 per 15 minutes", "of_email": "60 per hour"}


@door.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Take address, password and code; every wrong guess gets the same words."""
    back = usable(request.values.get("next", ""))
    if sessions.current() is not None:
        return redirect(back or url_for("operators.cities"), 303)
    form, too_many = SignInForm(), False
    if form.sent():
        try:
            return _enter(_checked(form), back)
        except (Invalid, TooMany) as error:
            form.form_errors.append(str(error))
            too_many = isinstance(error, TooMany)
    return render("operators/sign_in.html", form=form, back=back), 429 if too_many else form.status


@bp.post("/sign-out")
def sign_out() -> Response:
    """Sign this browser out and end every visit."""
    operator_id = me().operator_id
    note("operators.signed_out")
    sessions.end(me())
    end_transaction(keep=True)
    visits.stop(operator_id)
    flash(_("You are signed out."), "ok")
    response = make_response(redirect(url_for("operators_door.sign_in"), 303))
    sessions.forget_cookie(response)
    return response


def _checked(form: SignInForm) -> Operator:
    email = given(form.email)
    throttle("operator", email, **TRIES)
    operator = entering.check(email, given(form.password), given(form.code))
    if operator is None:
        # The answer is a refusal, which would undo the note of it.
        end_transaction(keep=True)
        raise Invalid(_("Address, password and code do not fit together. Wait for a new code and try again."))
    return operator


def _enter(operator: Operator, back: str) -> Response:
    response = make_response(redirect(back or url_for("operators.cities"), 303))
    sessions.begin(operator, response, request.user_agent.string)
    with acting(Actor("operator", str(operator.id), operator.name)):
        note("operators.signed_in")
    return response
