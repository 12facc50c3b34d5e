"""How people sign in to the city: the ways, the second factor, the services, and help for who lost a phone."""

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import deciding, factors, passkeys, services
from app.accounts.policy import Provider, policy
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.console.sign_in_forms import ResetForm, ServiceForm, SignInForm
from app.core.context import current_city
from app.core.errors import Conflict, Invalid, NotFound, ServiceError
from app.core.i18n import gettext as _
from app.web.forms import Form, given
from app.web.gates import requires
from app.web.page import render


@bp.route("/settings/sign-in", methods=["GET", "POST"])
@requires("console.sign_in")
@fresh
def sign_in() -> ResponseReturnValue:
    """Show and change how people sign in."""
    decided, refused = policy(), 0
    form = SignInForm(obj=decided)
    if form.sent():
        try:
            deciding.decide(form.decided)
        except Conflict as error:
            form.refuse(form.password, error)
            refused = error.status
        else:
            flash(_("The settings are saved."), "ok")
            return redirect(url_for(".sign_in"), 303)
    page = render(
        "console/sign_in.html",
        form=form,
        providers=decided.providers,
        elsewhere=passkeys.number_elsewhere(current_city().host),
    )
    return page, refused or form.status


@bp.route("/settings/sign-in/services/new", methods=["GET", "POST"])
@requires("console.sign_in")
@fresh
def add_sign_in_service() -> ResponseReturnValue:
    """Add a service with which people can sign in."""
    form = ServiceForm(audience="everybody", opens_accounts=True, on=True)
    status = 0
    if form.sent():
        try:
            added = deciding.add(form.filled(), form.secret.data or "")
        except (Invalid, Conflict) as error:
            status = _refuse(form, error)
        else:
            flash(_("%(service)s is ready. Try it in another browser.", service=added.title), "ok")
            return redirect(url_for(".sign_in_service", provider_id=added.id), 303)
    return render("console/sign_in_service.html", form=form, provider=None), status or form.status


@bp.route("/settings/sign-in/services/<provider_id>", methods=["GET", "POST"])
@requires("console.sign_in")
@fresh
def sign_in_service(provider_id: str) -> ResponseReturnValue:
    """Change a service."""
    provider, status = _provider(provider_id), 0
    form = ServiceForm.of(provider)
    if form.sent():
        try:
            deciding.change(form.filled(provider.id), form.secret.data or "")
        except (Invalid, Conflict) as error:
            status = _refuse(form, error)
        else:
            flash(_("The settings are saved."), "ok")
            return redirect(url_for(".sign_in"), 303)
    address = current_app.config["PARVIS"].url(
        current_city().host, url_for("portal_sign_in.service_back", provider_id=provider.id)
    )
    page = render("console/sign_in_service.html", form=form, provider=provider, address=address)
    return page, status or form.status


@bp.route("/settings/sign-in/services/<provider_id>/remove", methods=["GET", "POST"])
@requires("console.sign_in")
@fresh
def remove_sign_in_service(provider_id: str) -> ResponseReturnValue:
    """Ask, then remove a service."""
    provider = _provider(provider_id)
    if Form().sent():
        deciding.remove(provider.id)
        flash(_("%(service)s is removed.", service=provider.title), "ok")
        return redirect(url_for(".sign_in"), 303)
    return render("console/sign_in_service_remove.html", provider=provider)


@bp.route("/settings/sign-in/reset", methods=["GET", "POST"])
@requires("console.sign_in")
@fresh
def reset_factors() -> ResponseReturnValue:
    """Take the second factor from somebody who has lost it."""
    form, status = ResetForm(), 0
    if form.sent():
        try:
            account = services.find(given(form.email))
            if account is None:
                raise NotFound(_("There is no account with this address."))
            factors.reset(account)
        except NotFound as error:
            form.refuse(form.email, error)
            status = 422
        else:
            flash(
                _("%(email)s has no second factor any more and was told by mail.", email=account.email), "ok"
            )
            return redirect(url_for(".sign_in"), 303)
    return render("console/sign_in_reset.html", form=form), status or form.status


def _provider(provider_id: str) -> Provider:
    provider = policy().provider(provider_id)
    if provider is None:
        raise NotFound(_("There is no such service."))
    return provider


def _refuse(form: ServiceForm, error: ServiceError) -> int:
    form.refuse(form.issuer, error)
    return error.status
