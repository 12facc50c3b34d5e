"""Errors as pages: what happened and what to do next, in the reader's language and the city's look."""

from http import HTTPStatus

from flask import Flask, current_app, g, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.core.context import serving
from app.core.db import db
from app.core.errors import ServiceError
from app.core.i18n import gettext as _


def install(app: Flask) -> None:
    """Answer service errors, HTTP errors and failures with pages."""
    app.register_error_handler(ServiceError, _service_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)


def error_page(status: int, message: str | None = None) -> ResponseReturnValue:
    """Return the page for an error; `message` is what a service said about it."""
    return render_template("error.html", code=status, message=message), status


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
        return error_page(status, _("There is no city at this address."))
    answer = error_page(status)
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
    return (*answer, headers) if isinstance(answer, tuple) and headers else answer


def _failure(error: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_FAILURES"):
        raise error
    current_app.logger.error("a page failed", exc_info=error)
    try:
        db.session.rollback()
        return error_page(500)
    except Exception:
        with serving(None):
            return error_page(500)
