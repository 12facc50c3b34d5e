"""The second factor of somebody who has shown the first, and signing in with a passkey alone."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import factors, passkeys, second_step, sessions
from app.accounts.models import Way
from app.accounts.policy import policy
from app.accounts.sessions import How
from app.core.context import acting
from app.core.errors import Forbidden, Invalid, NotFound, ServiceError
from app.core.i18n import gettext as _
from app.portal import sign_in, throttle
from app.portal.entering import actor, let_in, way_back
from app.portal.forms import CodeForm, SignInForm
from app.web.forms import given
from app.web.limits import limit
from app.web.page import render
from app.web.throttle import network

bp = sign_in.bp


@bp.route("/sign-in/second", methods=["GET", "POST"])
def second() -> ResponseReturnValue:
    """Ask for a code of the app, a recovery code or a passkey."""
    try:
        half = second_step.half_in()
    except NotFound as error:
        flash(str(error), "warn")
        return redirect(url_for(".sign_in"), 303)
    form, status = CodeForm(), 0
    if form.sent():
        try:
            throttle.code(str(half.account.id))
            with acting(actor(half.account)):
                return _with_code(half, given(form.code))
        except (Invalid, throttle.Wait) as error:
            form.refuse(form.code, error)
            status = error.status
    page = render(
        "portal/second.html",
        form=form,
        with_app=half.account.has_authenticator,
        with_passkey=policy().passkey and passkeys.has_one(half.account.id),
    )
    return page, status or form.status


def _with_code(half: second_step.Half, code: str) -> ResponseReturnValue:
    if not factors.use(half.account, code):
        raise Invalid(_("This code is not right, or has been used. Wait for the next one."))
    throttle.right_code(str(half.account.id))
    return let_in(half.account, half.back, How(half.how.way, strong=True, provider=half.how.provider))


@bp.post("/sign-in/passkey/options")
def passkey_options() -> ResponseReturnValue:
    """Return what the browser needs to use a passkey: any, or one of the person who has shown the first factor."""
    limit("passkey", "60 per 15 minutes", network())
    if not policy().passkey:
        raise Forbidden(_("This city does not sign in with passkeys."))
    try:
        account = second_step.half_in().account if request.args.get("second") else None
    except NotFound:
        account = None
    return Response(passkeys.ask_to_use(account), mimetype="application/json")


@bp.post("/sign-in/passkey")
def with_passkey() -> ResponseReturnValue:
    """Sign in with a passkey; it is two factors at once."""
    limit("passkey", "60 per 15 minutes", network())
    offers = policy()
    back = way_back()
    try:
        if not offers.passkey:
            raise Forbidden(_("This city does not sign in with passkeys."))
        half = second_step.half_in() if request.args.get("second") else None
        used = passkeys.use(request.form.get("answer", ""), account=half.account if half else None)
    except passkeys.Copied as error:
        sessions.let_go()
        return _refused(error)
    except (Invalid, NotFound) as error:
        return _refused(error)
    return let_in(used.account, half.back if half else back, How(Way.PASSKEY, strong=True))


def _refused(error: ServiceError) -> ResponseReturnValue:
    form = SignInForm(formdata=None)
    form.form_errors.append(str(error))
    return sign_in.sign_in_page(form, policy()), 422
