"""The page that asks once more who is there, and leads back to what was wanted with everything that was typed."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import current_account, passkeys, sessions, sign_in_required, stepping_up
from app.accounts.models import AccountSession
from app.accounts.policy import policy
from app.core.errors import Forbidden, Invalid
from app.core.i18n import gettext as _
from app.portal import throttle
from app.portal.account_menu import account_blueprint
from app.portal.entering import usable
from app.portal.forms import ConfirmForm
from app.web.limits import limit
from app.web.page import is_htmx, render

bp = account_blueprint("portal_confirm", __name__, "/confirm")
PREFIX = ConfirmForm.PREFIX
FRESH_AGAIN = 307
"""Browsers send the same form once more to where they are led (RFC 9110)."""


@stepping_up.asks_with
def ask() -> ResponseReturnValue:
    """Ask who is there before the page or the form that was wanted."""
    wanted = request.full_path.rstrip("?")
    if request.method == "POST" and not is_htmx():
        return _page(_held(), ConfirmForm(formdata=None), wanted, "POST"), 200
    target = url_for("portal_confirm.confirm", next=wanted if request.method == "GET" else None)
    return Response(status=204, headers={"HX-Redirect": target}) if is_htmx() else redirect(target, 303)


@bp.route("", methods=["GET", "POST"])
@sign_in_required
def confirm() -> ResponseReturnValue:
    """Take a password, a code or a passkey, and lead on."""
    held, form, status = _held(), ConfirmForm(), 0
    wanted = usable(request.values.get("next" if request.method == "GET" else f"{PREFIX}next", ""))
    method = "POST" if request.form.get(f"{PREFIX}method") == "POST" and wanted else "GET"
    if f"{PREFIX}send" in request.form:
        return _mail(held, wanted, method)
    if form.sent():
        try:
            _prove(held, form)
        except passkeys.Copied as error:
            sessions.let_go()
            held, status = _held(), error.status
            form.form_errors.append(str(error))
        except (Invalid, throttle.Wait) as error:
            status = error.status
            form.form_errors.append(str(error))
        else:
            target = wanted or url_for("portal_security.security")
            return redirect(target, FRESH_AGAIN if method == "POST" else 303)
    return _page(held, form, wanted, method), status or form.status


@bp.post("/passkey")
@sign_in_required
def options() -> ResponseReturnValue:
    """Return what the browser needs to use one of the person's passkeys."""
    limit("passkey", "60 per 15 minutes", str(_held().account_id))
    return Response(passkeys.ask_to_use(_held().account), mimetype="application/json")


def _mail(held: AccountSession, wanted: str, method: str) -> ResponseReturnValue:
    limit("confirm-code", "5 per hour", str(held.account_id))
    stepping_up.mail_code(held)
    return _page(held, ConfirmForm(formdata=None), wanted, method, mailed=True), 200


def _prove(held: AccountSession, form: ConfirmForm) -> None:
    """Take the first thing that was given; raises Invalid."""
    account_id = str(held.account_id)
    throttle.code(account_id)
    if form.answer.data:
        stepping_up.by_passkey(held, form.answer.data)
    elif form.code.data and stepping_up.has_factor(held.account):
        stepping_up.by_code(held, form.code.data)
    elif form.code.data:
        stepping_up.by_mailed_code(held, form.code.data)
    elif form.password.data:
        stepping_up.by_password(held, form.password.data)
    else:
        raise Invalid(_("Fill in one of the fields."))
    throttle.right_code(account_id)


def _page(held: AccountSession, form: ConfirmForm, wanted: str, method: str, *, mailed: bool = False) -> str:
    account, has_passkey = held.account, passkeys.has_one(held.account_id)
    factor = account.has_authenticator or has_passkey
    return render(
        "portal/confirm.html",
        form=form,
        wanted=wanted,
        method=method,
        kept=_kept() if method == "POST" else [],
        person=account,
        with_app=account.has_authenticator,
        with_passkey=has_passkey,
        with_password=not factor and account.password_hash is not None and policy().password,
        with_mail=not factor,
        mailed=mailed or (held.code_hash is not None and not factor),
    )


def _kept() -> list[tuple[str, str]]:
    """Return what was typed into the form that has to wait."""
    ours = (PREFIX, "csrf_token")
    return [(name, value) for name, value in request.form.items(multi=True) if not name.startswith(ours)]


def _held() -> AccountSession:
    held = sessions.held()
    if held is None or current_account() is None:
        raise Forbidden(_("Sign in first."))
    return held
