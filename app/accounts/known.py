"""Browsers in which somebody has signed in before: tries from there are counted for themselves.

So whoever guesses somebody's password from elsewhere cannot keep her out. The cookie says nothing but which addresses
it stands for, and only to the city that gave it; it opens nothing without the password.
"""

from datetime import timedelta
from hmac import compare_digest

from flask import Response, request

from app.core.clock import now
from app.core.context import current_city
from app.core.ids import keyed_hash, new_short_id

COOKIE = "__Host-parvis-known"
LIFETIME = timedelta(days=180)
MOST = 4


def name_for(email: str) -> str:
    """Return the name of this browser if somebody with the address has signed in here; empty if not."""
    return next((name for name, made, mark in _read() if _is_right(email, name, made, mark)), "")


def remember(email: str, response: Response) -> Response:
    """Let the browser carry from now on that somebody with the address has signed in."""
    others = [each for each in _read() if not _is_right(email, *each)]
    name, made = new_short_id(), str(int(now().timestamp()))
    kept = [(name, made, _mark(email, name, made)), *others][:MOST]
    response.set_cookie(
        COOKIE,
        "~".join(".".join(each) for each in kept),
        max_age=int(LIFETIME.total_seconds()),
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def _read() -> list[tuple[str, str, str]]:
    parts = (each.split(".") for each in request.cookies.get(COOKIE, "").split("~")[:MOST])
    return [(part[0], part[1], part[2]) for part in parts if len(part) == 3 and part[1].isdigit()]


def _is_right(email: str, name: str, made: str, mark: str) -> bool:
    young = int(made) + LIFETIME.total_seconds() > now().timestamp()
    return young and compare_digest(_mark(email, name, made).encode(), mark.encode())


def _mark(email: str, name: str, made: str) -> str:
    address = email.strip().lower().encode()
    return keyed_hash(
        "known browser", current_city().id.encode(), address, name.encode(), made.encode()
    ).hex()[:32]
