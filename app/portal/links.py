"""Links from mails: opening one shows a page, only its button uses the link up, as mail scanners open links too."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import Account, addresses, current_account, services
from app.accounts.models import AccountLink, Purpose
from app.accounts.policy import policy
from app.core.context import acting
from app.core.errors import Invalid, NotFound
from app.core.i18n import gettext as _
from app.portal import sign_in
from app.portal.entering import actor, enter, usable
from app.portal.forms import AddressForm, ConfirmElsewhereForm, InvitedForm, NewPasswordForm
from app.portal.sign_in import SIGNED_UP
from app.web.forms import Form
from app.web.page import render

GONE = 410
bp = sign_in.bp


@bp.route("/sign-in/link/<secret>", methods=["GET", "POST"])
def follow(secret: str) -> ResponseReturnValue:
    """Do what the link was mailed for, once, and sign in."""
    try:
        link = services.open_link(secret)
    except NotFound:
        return render_template("portal/link_over.html", form=AddressForm(formdata=None), back=""), GONE
    if link.purpose is Purpose.EMAIL:
        return _new_address(link, secret)
    form = _form_for(link)
    if form.sent():
        try:
            account = _use(link, form)
        except Invalid as error:
            form.refuse(form["password"], error)
        else:
            return enter(account, usable(link.request.back) if link.request else "")
    return render("portal/link.html", form=form, link=link, secret=secret), form.status


def _new_address(link: AccountLink, secret: str) -> ResponseReturnValue:
    """Give the account the address that the link was mailed to; signs nobody in."""
    form = Form()
    if form.sent():
        with acting(actor(link.account)):
            addresses.change(link)
        flash(_("Your new address is confirmed. Use it when you sign in."), "ok")
        is_here = current_account() is not None
        return redirect(url_for("portal_security.security" if is_here else ".sign_in"), 303)
    return render("portal/link.html", form=form, link=link, secret=secret), form.status


def _form_for(link: AccountLink) -> Form:
    form = _full_form(link)
    if "password" in form and not policy().password:
        del form["password"]
    return form


def _full_form(link: AccountLink) -> Form:
    if link.purpose is Purpose.INVITE:
        return InvitedForm(name=link.account.name)
    if link.purpose is Purpose.RESET:
        return NewPasswordForm()
    if link.purpose is Purpose.CONFIRM and link.request and link.request.password_hash and not _is_hers(link):
        return ConfirmElsewhereForm()
    return Form()


def _is_hers(link: AccountLink) -> bool:
    """Tell whether this browser is the one that signed up; anybody else may have typed that password."""
    return link.request is not None and session.get(SIGNED_UP) == str(link.request.id)


def _use(link: AccountLink, form: Form) -> Account:
    password = form["password"].data if "password" in form else None
    if password:
        services.check_strength(link.account, password)
    account = services.use_link(link, keep_password=_is_hers(link))
    with acting(actor(account)):
        if isinstance(form, InvitedForm):
            services.accept_invitation(account, form.name.data or "")
        if password:
            services.set_password(account, password)
    return account
