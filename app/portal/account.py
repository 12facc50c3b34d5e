"""A person's own page: name and language, password; where to go from there."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import Account, me, passwords, services, sessions, sign_in_required
from app.accounts.policy import policy
from app.accounts.sessions import How
from app.accounts.stepping_up import fresh
from app.accounts.telling import Change, tell
from app.core.errors import Forbidden, Invalid
from app.core.i18n import LANGUAGES, offered
from app.core.i18n import gettext as _
from app.portal.account_menu import account_blueprint, account_page, rows
from app.portal.forms import ChangePasswordForm, ProfileForm
from app.web.forms import given
from app.web.limits import limit
from app.web.page import render

bp = account_blueprint("portal_account", __name__, "")


@bp.route("", methods=["GET", "POST"])
@sign_in_required
def account() -> ResponseReturnValue:
    """Show the account; keep a new name or language."""
    person = me()
    form = _profile(person)
    if not form.sent():
        return _page(form)
    services.save_profile(person, name=given(form.name), language=given(form.language))
    flash(_("Your changes are saved."), "ok")
    return redirect(url_for(".account", lang=person.language), 303)


@bp.route("/password", methods=["GET", "POST"])
@sign_in_required
@fresh
def change_password() -> ResponseReturnValue:
    """Choose another password; every other browser is signed out."""
    person, held = me(), sessions.held()
    form = _password_form(person)
    if not policy().password:
        raise Forbidden(_("This city does not sign in with passwords."))
    if form.sent() and _knows_present_one(person, form):
        had_none = person.password_hash is None
        try:
            services.set_password(person, given(form.new))
        except Invalid as error:
            form.refuse(form.new, error)
        else:
            if had_none:
                tell(person, Change.PASSWORD_ADDED)
            how = How(held.way, held.strong) if held is not None else How()
            sessions.begin(person, request.user_agent.string, how)
            flash(_("Your password is changed. Your other devices are signed out."), "ok")
            return redirect(url_for("portal_security.security"), 303)
    return account_page("portal/password.html", form=form), form.status


def _knows_present_one(person: Account, form: ChangePasswordForm) -> bool:
    if "current" not in form:
        return True
    limit("own-password", "10 per 15 minutes", str(person.id))
    if passwords.matches(person.password_hash, given(form.current)):
        return True
    form.refuse(form.current, Invalid(_("This is not your present password.")))
    return False


@bp.post("/sign-out-everywhere")
@sign_in_required
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign the person out in every browser, this one too."""
    sessions.end_all(me().id)
    sessions.end()
    flash(_("You are signed out on all devices."), "ok")
    return redirect(url_for("portal_sign_in.sign_in"), 303)


def _page(form: ProfileForm) -> ResponseReturnValue:
    page = render("portal/account.html", form=form, profile=form, person=me(), pages=rows())
    return page, form.status


def _profile(person: Account) -> ProfileForm:
    form = ProfileForm(data={"name": person.name, "language": person.language})
    form.language.choices = [(code, LANGUAGES[code]) for code in offered()]
    return form


def _password_form(person: Account) -> ChangePasswordForm:
    form = ChangePasswordForm()
    if person.password_hash is None:
        del form.current
    return form
