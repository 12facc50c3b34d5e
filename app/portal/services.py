"""Signing in with another service: the way there, the way back, and what is said when it does not work."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import current_account, sessions
from app.accounts.models import Way
from app.accounts.oidc import flow, identities
from app.accounts.oidc.identities import Found
from app.accounts.policy import Provider, policy
from app.accounts.sessions import How
from app.core.context import acting
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError
from app.core.i18n import gettext as _
from app.portal import sign_in
from app.portal.entering import actor, enter, way_back
from app.portal.forms import SignInForm
from app.web.limits import limit
from app.web.throttle import network

bp = sign_in.bp


@bp.post("/sign-in/with/<provider_id>")
def to_service(provider_id: str) -> ResponseReturnValue:
    """Leave for the service."""
    provider = _provider(provider_id)
    limit("service", "30 per 15 minutes", network())
    try:
        target = flow.leave(provider, back=way_back())
    except Invalid as error:
        return refused(error)
    return _onward(provider, target)


@bp.get("/sign-in/with/<provider_id>/back")
def service_back(provider_id: str) -> ResponseReturnValue:
    """Take what the service says about who has come back."""
    provider = _provider(provider_id)
    limit("service", "30 per 15 minutes", network())
    try:
        away = flow.came_back(provider_id, request.args.get("state", ""))
        person = flow.person(provider, away, request.args.to_dict())
        if away.links:
            return _link(provider, person)
        return _in(provider, person, away.back)
    except (Invalid, Forbidden, Conflict) as error:
        return refused(error)


def refused(error: ServiceError) -> ResponseReturnValue:
    """Show the ways to sign in with what was wrong above them."""
    form = SignInForm(formdata=None)
    form.form_errors.append(str(error))
    return sign_in.sign_in_page(form, policy()), error.status


def leave_to_link(provider_id: str) -> ResponseReturnValue:
    """Leave for the service on behalf of somebody who is signed in and wants it linked."""
    provider = _provider(provider_id)
    return _onward(provider, flow.leave(provider, back="", links=True))


def _onward(provider: Provider, target: str) -> ResponseReturnValue:
    title = _("You sign in at %(service)s", service=provider.title)
    return sign_in.onward(target, title, _("Continue to %(service)s", service=provider.title))


def _in(provider: Provider, person: flow.Person, back: str) -> ResponseReturnValue:
    arrival = identities.arrive(person, provider)
    if arrival.found is Found.TO_LINK or arrival.account is None:
        flash(
            _(
                "There is an account with this address already. Sign in to it once the way you always do; "
                "from then on you can use %(service)s.",
                service=provider.title,
            ),
            "info",
        )
        return redirect(url_for(".sign_in", next=back or None), 303)
    hint = flow.seal_hint(provider.id, person.id_token)
    return enter(arrival.account, back, How(Way.SERVICE, provider.trusted, provider.id, hint))


def _link(provider: Provider, person: flow.Person) -> ResponseReturnValue:
    account = current_account()
    if account is None or sessions.held() is None:
        raise Forbidden(_("Sign in first."))
    with acting(actor(account)):
        identities.link(account, person, provider)
    flash(_("From now on you can sign in with %(service)s.", service=provider.title), "ok")
    return redirect(url_for("portal_security.security"), 303)


def _provider(provider_id: str) -> Provider:
    provider = policy().provider(provider_id)
    if provider is None or not provider.on:
        raise NotFound(_("This city does not sign in with this service."))
    return provider
