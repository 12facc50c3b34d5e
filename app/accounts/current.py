"""Who is signed in, and what that person may do."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm.exc import ObjectDeletedError

from app.accounts.models import Account
from app.accounts.operators.visits import Visit
from app.accounts.permissions import NOT_ON_VISITS, permitted
from app.accounts.roles import held_by, opens
from app.accounts.roles_rules import NOWHERE, is_within, reach
from app.accounts.sessions import SignedIn, Visiting
from app.core.context import Actor, city_or_none
from app.core.errors import Forbidden
from app.core.i18n import gettext as _

P = ParamSpec("P")


def current_account() -> Account | None:
    """Return who is signed in in this city, or None."""
    user = _holder()
    try:
        return user.account if isinstance(user, SignedIn) else None
    except ObjectDeletedError:
        # Somebody ended this session while the request was on its way.
        return None


def me() -> Account:
    """Return who is signed in; raises Forbidden where nobody is. For views that ask for the sign-in first."""
    person = current_account()
    if person is None:
        raise Forbidden(_("Sign in first."))
    return person


def current_visit() -> Visit | None:
    """Return the visit of an operator who is in this city, or None."""
    user = _holder()
    return user.visit if isinstance(user, Visiting) else None


def current_person() -> Actor | None:
    """Return who is signed in, a person of the city or an operator on a visit, as the audit log writes it down."""
    account, visit = current_account(), current_visit()
    if account is not None:
        return Actor("staff" if account.is_staff else "resident", str(account.id), account.name)
    return visit.actor if visit is not None else None


def works_here() -> bool:
    """Tell whether the one signed in prepares the city's pages: its staff, and an operator on a visit."""
    account = current_account()
    return account.is_staff if account is not None else current_visit() is not None


def may(permission: str, *, district: str | None = None) -> bool:
    """Tell whether the one signed in has `permission` (`<module>.<action>`); raises LookupError for an unknown one.

    With a `district` (its code) the permission must reach there; without, it must reach anywhere at all.
    An operator on a visit may what an administrator may, except what would outlive the visit.
    """
    return is_within(districts_for(permission), district)


def districts_for(permission: str) -> frozenset[str] | None:
    """Return the codes of the districts in which the one signed in has a permission; None for the whole city."""
    declared, account = permitted(permission), current_account()
    if account is not None:
        return reach(held_by(account), declared)
    return None if current_visit() is not None and permission not in NOT_ON_VISITS else NOWHERE


def works_in(module: str) -> bool:
    """Tell whether the one signed in gets to a module's pages for staff."""
    account = current_account()
    return opens(account, module) if account is not None else current_visit() is not None


def sign_in_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Send whoever is not signed in to sign in first, and then back to this page; operators on a visit stay out."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_visit() is not None:
            raise Forbidden(
                _("This is for people with an account in this city. An operator on a visit has none.")
            )
        if current_account() is None:
            return to_sign_in()
        return view(*args, **kwargs)

    return guarded


def to_sign_in() -> ResponseReturnValue:
    """Return the way to the sign-in page, and from there back here or to the page whose form was sent."""
    target = url_for("portal_sign_in.sign_in", next=_way_back())
    if request.headers.get("HX-Request") == "true":
        # A redirect would put the sign-in page into the part of the page that was asked for.
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _holder() -> object:
    """Return whom Flask-Login finds; it is asked only when the cookie names somebody, which most cookies do not."""
    if city_or_none() is None or not session or "_user_id" not in session:
        return None
    return current_user._get_current_object()


def _way_back() -> str:
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.full_path.rstrip("?")
    page = urlsplit(request.referrer or "")
    if page.netloc != request.host:
        return request.path
    return f"{page.path}?{page.query}" if page.query else page.path
