"""Who is signed in, and what that person may do."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm.exc import ObjectDeletedError

from app.accounts.models import Account, Role
from app.accounts.sessions import SignedIn
from app.core.context import city_or_none
from app.registry import modules

P = ParamSpec("P")
PLATFORM_PERMISSIONS = {
    "console.view": (Role.VIEWER, Role.EDITOR, Role.ADMINISTRATOR),
    "console.manage": (Role.ADMINISTRATOR,),
}


def current_account() -> Account | None:
    """Return who is signed in in this city, or None."""
    if city_or_none() is None:
        return None
    user = current_user._get_current_object() if current_user else None
    try:
        return user.account if isinstance(user, SignedIn) else None
    except ObjectDeletedError:
        # Somebody ended this session while the request was on its way.
        return None


def may(permission: str) -> bool:
    """Tell whether the person signed in has `permission` (`<module>.<action>`); raises LookupError for an unknown one."""
    account = current_account()
    return account is not None and account.role in allowed_roles(permission)


def allowed_roles(permission: str) -> tuple[Role, ...]:
    """Return the roles that have a permission; raises LookupError when nobody declared it."""
    if permission in PLATFORM_PERMISSIONS:
        return PLATFORM_PERMISSIONS[permission]
    module = modules().get(permission.partition(".")[0])
    for declared in module.permissions if module else ():
        if declared.name == permission:
            return (
                *(Role(role) for role in declared.roles if role != Role.ADMINISTRATOR),
                Role.ADMINISTRATOR,
            )
    raise LookupError(f"no manifest declares {permission}")


def sign_in_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Send whoever is not signed in to sign in first, and then back to this page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
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


def _way_back() -> str:
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.full_path.rstrip("?")
    page = urlsplit(request.referrer or "")
    if page.netloc != request.host:
        return request.path
    return f"{page.path}?{page.query}" if page.query else page.path
