"""Behind the link of a new operator: a password, an authenticator app, and ten codes to put away."""

from flask import Response, abort, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import codes
from app.accounts.operators import entering, sessions
from app.apex.operators.blueprint import door
from app.apex.operators.forms import CodeForm, PasswordForm
from app.core.context import Actor, acting
from app.core.errors import Invalid, NotFound, TooMany
from app.core.i18n import language
from app.core.ids import secret_hash
from app.web.forms import given
from app.web.limits import limit
from app.web.page import render
from tenants.models import Operator

GONE = 410
TRIES = "20 per 15 minutes"
# Only the browser that chose the password sees the secret that goes with it.
JOINING = "operator_joining"


@door.errorhandler(NotFound)
def link_over(_error: NotFound) -> ResponseReturnValue:
    """Say that the link is over and who makes a new one."""
    return render("operators/link_over.html"), GONE


@door.route("/join/<secret>", methods=["GET", "POST"])
def join(secret: str) -> ResponseReturnValue:
    """Choose the password; a walk through the link that is begun anew begins here."""
    operator, form = entering.invited(secret), PasswordForm()
    if form.sent():
        try:
            entering.choose_password(operator, given(form.password))
        except Invalid as error:
            form.refuse(form.password, error)
        else:
            session[JOINING] = secret_hash(f"joining {secret}")
            return redirect(url_for(".authenticator", secret=secret), 303)
    return render("operators/join.html", form=form, operator=operator, secret=secret), form.status


@door.route("/join/<secret>/authenticator", methods=["GET", "POST"])
def authenticator(secret: str) -> ResponseReturnValue:
    """Show the secret as a picture and as text; the first code proves that the app has it."""
    if not _chose(secret):
        return redirect(url_for(".join", secret=secret), 303)
    operator, form = entering.invited(secret), CodeForm()
    if form.sent():
        try:
            limit("operator-join", TRIES)
            return _in(operator, given(form.code))
        except (Invalid, TooMany) as error:
            form.refuse(form.code, error)
    shown = entering.secret_to_show(operator)
    page = render(
        "operators/authenticator.html",
        form=form,
        operator=operator,
        secret=secret,
        groups=codes.groups(shown),
    )
    return page, form.status


@door.get("/join/<secret>/qr.svg")
def picture(secret: str) -> Response:
    """Return the secret as a picture for the app's camera, to the browser that chose the password."""
    if not _chose(secret):
        abort(404)
    operator = entering.invited(secret)
    drawn = codes.picture(entering.secret_to_show(operator), operator.email, f"Parvis {request.host}")
    return Response(drawn, mimetype="image/svg+xml")


def _chose(secret: str) -> bool:
    return session.get(JOINING) == secret_hash(f"joining {secret}")


def _in(operator: Operator, code: str) -> Response:
    """Sign the new operator in and show the recovery codes, the only time that anybody sees them."""
    with acting(Actor("operator", str(operator.id), operator.name)):
        fresh = entering.confirm(operator, code, language())
    response = make_response()
    sessions.begin(operator, response, request.user_agent.string)
    response.set_data(render("operators/recovery_codes.html", codes=fresh, is_new=True))
    return response
