"""How often a program may ask: per token, or per network for those without one (RateLimit header fields)."""

import math
import time

from flask import Response, current_app, g

from app.core.i18n import gettext as _
from app.web.limits import Room, use
from app.web.rest.problems import Refusal
from app.web.throttle import network


def count(token: str | None) -> None:
    """Count one request of a token, or of a network where there is none; raises Refusal when there were too many."""
    config = current_app.config["PARVIS"]
    name, rate = ("token", config.api_rate) if token else ("network", config.api_public_rate)
    room = use(f"api-{name}", rate, token or network())
    if room is None:
        return
    g.rate = (name, room)
    if not room.allowed:
        wait = {"Retry-After": str(_seconds(room))}
        raise Refusal(429, _("This was tried too often. Wait a little, then try again."), headers=wait)


def tell(response: Response) -> Response:
    """Say in the answer how much is left (draft-ietf-httpapi-ratelimit-headers-10)."""
    if "rate" in g:
        name, room = g.rate
        response.headers["RateLimit-Policy"] = f'"{name}";q={room.most};w={room.window}'
        response.headers["RateLimit"] = f'"{name}";r={max(room.left, 0)};t={_seconds(room)}'
    return response


def _seconds(room: Room) -> int:
    return max(1, math.ceil(room.resets_at - time.time()))
