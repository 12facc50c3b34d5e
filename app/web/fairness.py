"""No city keeps the others from being served: seats in each process, and requests a minute over all of them.

Neither costs a message: seats are counted in the process, requests as well, and Redis is told every two seconds.
"""

from http import HTTPStatus

from flask import Flask, Response, current_app, g, request

from app.core.clock import now
from app.core.context import City, CityState, city_or_none
from app.core.i18n import direction, language
from app.core.i18n import gettext as _
from app.core.quotas import Resource
from app.web.hosts import HOSTLESS, LOOK
from app.web.page import is_htmx, static_url, theme
from app.web.seats import Seats, share_of
from tenants import quotas, usage

BUSY_RETRY_SECONDS = 5


def install(app: Flask) -> None:
    """Count what cities ask for and turn away what is too much; the city has to be known by then."""
    app.extensions["parvis_seats"] = Seats(share_of(app.config["PARVIS"].web_threads))
    app.before_request(_admit)
    app.after_request(_count_errors)
    app.teardown_request(_leave)


def _admit() -> Response | None:
    city = city_or_none()
    if request.path in HOSTLESS or request.endpoint in LOOK:
        return None
    if city is not None and usage.count(city.id, usage.REQUESTS) > quotas.most(city, Resource.REQUESTS):
        return _busy(city, HTTPStatus.TOO_MANY_REQUESTS, 60 - now().second)
    seats: Seats = current_app.extensions["parvis_seats"]
    name = city.id if city else ""
    if not seats.take(name):
        return _busy(city, HTTPStatus.SERVICE_UNAVAILABLE, BUSY_RETRY_SECONDS)
    g.seat = name
    return None


def _count_errors(response: Response) -> Response:
    city = city_or_none()
    if city is None or response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return response
    # That a closed city says so is no fault of anything.
    if city.state is CityState.LIVE or response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
        usage.count(city.id, usage.ERRORS)
    return response


def _leave(_error: BaseException | None) -> None:
    if "seat" in g:
        seats: Seats = current_app.extensions["parvis_seats"]
        seats.leave(g.pop("seat"))


def _busy(city: City | None, status: HTTPStatus, seconds: int) -> Response:
    """Return a page that asks nothing of anybody: no session, no query, no menus."""
    page = current_app.jinja_env.get_template("busy.html").render(
        title=_("Very many people are here just now"),
        advice=_("Your request was not carried out. Wait a moment, then try again."),
        again=_("Try again"),
        path=request.full_path.rstrip("?") if request.method == "GET" else None,
        site=city.name if city else "Parvis",
        language=language(),
        direction=direction(),
        theme=theme(),
        static_url=static_url,
    )
    answer = Response(page, status, mimetype="text/html")
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["Cache-Control"] = "no-store"
    if is_htmx():
        answer.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return answer
