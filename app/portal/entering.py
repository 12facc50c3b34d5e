"""Signing somebody in, and the page she wanted to see before that."""

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import Account, known, second_step, sessions
from app.accounts.oidc import identities
from app.accounts.oidc.flow import Person
from app.accounts.policy import policy
from app.accounts.sessions import How
from app.core.audit import audit
from app.core.context import Actor, acting
from app.core.errors import Conflict, Forbidden
from app.core.i18n import gettext as _
from app.web.security import is_local

LONGEST_BACK = 500
_NOWHERE = ("/sign-in", "/sign-up", "/sign-out")


def way_back() -> str:
    """Return the page of this site that the reader wanted (`next`); empty when there is none to go to."""
    return usable(request.values.get("next", ""))


def usable(target: str) -> str:
    """Return `target` when it is a page of this very site to come back to, else an empty text."""
    path = target.partition("?")[0]
    nowhere = path in _NOWHERE or path.startswith("/sign-in/")
    return target if is_local(target) and len(target) <= LONGEST_BACK and not nowhere else ""


def enter(account: Account, back: str = "", how: How | None = None) -> ResponseReturnValue:
    """Sign a person in and lead her to where she wanted to go; whoever has a second factor shows it first."""
    came = how or How()
    if second_step.is_needed(account, came):
        second_step.begin(account, came, back)
        return redirect(url_for("portal_sign_in.second"), 303)
    return let_in(account, back, came)


def let_in(account: Account, back: str, how: How) -> ResponseReturnValue:
    """Sign in a person who has shown all that is asked for; staff without a wish go to the back office."""
    to_link = identities.waiting()
    sessions.begin(account, request.user_agent.string, how)
    if to_link is not None:
        _link(account, *to_link)
    if account.is_staff:
        with acting(actor(account)):
            audit("accounts.signed_in", subject=f"account:{account.id}")
    answer = make_response(redirect(back or ("/admin/" if account.is_staff else "/"), 303))
    return known.remember(account.email, answer)


def _link(account: Account, provider_id: str, person: Person) -> None:
    """Link the service that somebody came from before she signed in, if it is about the same address."""
    provider = policy().provider(provider_id)
    if provider is None or not provider.on or person.email != account.email:
        return
    try:
        with acting(actor(account)):
            identities.link(account, person, provider)
    except (Conflict, Forbidden) as error:
        flash(str(error), "warn")
    else:
        flash(_("From now on you can sign in with %(service)s.", service=provider.title), "ok")


def actor(account: Account) -> Actor:
    """Return the person as the audit log writes her down."""
    return Actor("staff" if account.is_staff else "resident", str(account.id), account.name)
