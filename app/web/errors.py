"""Errors as pages: what happened and what to do next, in the reader's language and the city's look."""

from http import HTTPStatus

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from app.core.context import serving
from app.core.db import db
from app.core.errors import ServiceError
from app.core.i18n import gettext as _
from app.web.page import is_htmx
from tenants import failures

FAILED = (
    _l("Something went wrong on our side"),
    _l("It has been written down. Try again in a few minutes."),
)
WORDS = {
    400: (_l("This could not be read"), _l("Go back and send it again.")),
    403: (_l("This is not open to you"), ""),
    404: (
        _l("There is no such page"),
        _l("The address may be mistyped, or the service is not offered here."),
    ),
    405: (_l("This cannot be done here"), _l("Go back and use the buttons of the page.")),
    409: (_l("Something has changed meanwhile"), ""),
    413: (_l("This is too large"), _l("Send a smaller file.")),
    422: (_l("Something in it cannot be used"), _l("Go back and change it.")),
    429: (_l("Too many tries"), ""),
    503: (
        _l("This took too long"),
        _l("It was stopped and nothing was changed. Try again in a few minutes."),
    ),
}
# The database gave up waiting for a lock, or working on a statement (app.core.patience).
OUT_OF_TIME = frozenset({"55P03", "57014"})
RETRY_SECONDS = 60


def install(app: Flask) -> None:
    """Answer service errors, HTTP errors and failures with pages."""
    app.register_error_handler(ServiceError, _service_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    app.after_request(_take_whole_page)


def error_page(status: int, message: str | None = None, *, reference: str = "") -> tuple[str, int]:
    """Return the page for an error; `message` is what a service said about it, `reference` finds what was written down."""
    g.shows_error, g.error_reference = True, reference
    title, advice = WORDS.get(status, FAILED)
    page = render_template(
        "error.html", status=status, title=title, advice=advice, message=message, reference=reference
    )
    return page, status


def _take_whole_page(response: Response) -> Response:
    """Let an error take the place of the whole page where the press of a button awaited a part of it."""
    if g.get("shows_error") and is_htmx():
        response.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return response


def _unknown_host() -> ResponseReturnValue:
    """Return the page for a host that is nobody's, with ways to the platform's own site."""
    config = current_app.config["PARVIS"]
    page = render_template(
        "error.html",
        status=404,
        title=_("There is no city at this address"),
        advice=_("Check the address, or find your city on the list of cities."),
        apex_url=config.url(config.base_domain, ""),
    )
    return page, 404


def _service_error(error: ServiceError) -> ResponseReturnValue:
    db.session.rollback()
    return error_page(error.status, str(error))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if "leaving" in g:
        db.session.rollback()
    if status == HTTPStatus.NOT_FOUND and g.get("unknown_host"):
        return _unknown_host()
    answer = error_page(status)
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
    return (*answer, headers) if isinstance(answer, tuple) and headers else answer


def _failure(error: Exception) -> ResponseReturnValue:
    if _took_too_long(error):
        return *_failure_page(error, 503), {"Retry-After": str(RETRY_SECONDS)}
    if current_app.config.get("PROPAGATE_FAILURES"):
        raise error
    return _failure_page(error, 500)


def _took_too_long(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in OUT_OF_TIME


def _failure_page(error: Exception, status: int) -> tuple[str, int]:
    reference = failures.record(error, request.endpoint or "none")
    try:
        db.session.rollback()
        return error_page(status, reference=reference)
    except Exception:
        with serving(None):
            return error_page(status, reference=reference)
