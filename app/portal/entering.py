"""Signing somebody in, and the page she wanted to see before that."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.accounts import Account, sessions
from app.core.audit import audit
from app.core.context import Actor, acting
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


def enter(account: Account, back: str = "") -> ResponseReturnValue:
    """Sign a person in and lead her to where she wanted to go; staff without a wish go to the back office."""
    sessions.begin(account, request.user_agent.string)
    if account.is_staff:
        with acting(actor(account)):
            audit("accounts.signed_in", subject=f"account:{account.id}")
    return redirect(back or ("/admin/" if account.is_staff else "/"), 303)


def actor(account: Account) -> Actor:
    """Return the person as the audit log writes her down."""
    return Actor("staff" if account.is_staff else "resident", str(account.id), account.name)
