"""Addresses that programs look for on every site (RFC 8615): whom to tell of a weakness, where to change a password."""

from datetime import UTC, datetime, time, timedelta

from flask import Response, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.context import city_or_none
from app.core.i18n import offered
from app.web.site import bp

__all__ = ["bp"]
# RFC 9116 asks for less than a year; who reads an older copy looks again.
VALID = timedelta(days=180)


@bp.get("/.well-known/security.txt")
def security_txt() -> ResponseReturnValue:
    """Say where weaknesses are reported (RFC 9116); nothing where the deployment names no contact."""
    config = current_app.config["PARVIS"]
    if not config.security_contact:
        abort(404)
    city = city_or_none()
    expires = datetime.combine((now() + VALID).date(), time(), UTC)
    lines = (
        f"Contact: {config.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(offered())}",
        f"Canonical: {config.url(city.host if city else config.base_domain, '/.well-known/security.txt')}",
    )
    answer = Response("\n".join(lines) + "\n", mimetype="text/plain")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@bp.get("/security.txt")
def old_security_txt() -> ResponseReturnValue:
    """Lead from the place where the file used to lie."""
    return redirect(url_for(".security_txt"), 301)


@bp.get("/.well-known/change-password")
def change_password() -> ResponseReturnValue:
    """Lead password managers to the page where a password is changed (W3C, "Change Password URL")."""
    page = "portal_account.change_password" if city_or_none() is not None else "operators.own"
    return redirect(url_for(page), 303)
