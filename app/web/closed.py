"""What a city answers while it is suspended or closing: why, since when, whom to ask; nothing of it runs."""

import json

from flask import Response, current_app, render_template, request

from app.accounts.current import current_visit
from app.core.context import City, CityState
from app.core.i18n import gettext as _
from app.web.page import is_htmx
from app.web.site import choose_language

# An operator on a visit works in the closed city; this is the door through which a visit comes and goes.
DOORS = frozenset({"visits"})
RETRY_SECONDS = {CityState.SUSPENDED: 3600, CityState.ERASING: 24 * 3600}
PAGE, JSON, TEXT = "text/html", "application/json", "text/plain"


def answer(city: City) -> Response | None:
    """Return the answer to a request to a closed city, in the form that was asked for; None on an operator's visit."""
    if request.blueprint in DOORS or current_visit() is not None:
        return None
    chosen = choose_language()
    if chosen is not None:
        return current_app.make_response(chosen)
    made = _part() if is_htmx() else _whole(city)
    made.status_code = 503
    made.headers["Retry-After"] = str(RETRY_SECONDS.get(city.state, 3600))
    made.headers["X-Robots-Tag"] = "noindex"
    made.headers["Cache-Control"] = "no-store"
    made.vary.add("Accept")
    return made


def title(city: City) -> str:
    """Return in one line what has become of the city."""
    if city.state is CityState.ERASING:
        return _("%(city)s is leaving this platform", city=city.name)
    return _("%(city)s is closed for now", city=city.name)


def _part() -> Response:
    """Let the page that asked for a part of itself load anew: then it says why."""
    return Response("", headers={"HX-Refresh": "true"})


def _whole(city: City) -> Response:
    wanted = request.accept_mimetypes.best_match((PAGE, JSON, TEXT), default=PAGE)
    # A program that takes anything is better served with one line than with a page.
    if wanted == PAGE and request.accept_mimetypes and PAGE not in request.accept_mimetypes.values():
        wanted = TEXT
    if wanted == JSON:
        problem = {"type": "about:blank", "status": 503, "title": title(city), "detail": city.state_reason}
        return Response(json.dumps(problem, ensure_ascii=False), mimetype="application/problem+json")
    if wanted == TEXT:
        said = "\n".join(line for line in (title(city), city.state_reason) if line)
        return Response(f"{said}\n", mimetype=TEXT)
    config = current_app.config["PARVIS"]
    page = render_template("closed.html", title=title(city), operator_contact=config.operator_contact)
    return Response(page, mimetype=PAGE)
