"""Each request has an id, a line in the log and a place in the figures; none of them says who asked for what."""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from app.core import figures, log, tally
from app.core.context import city_or_none

requests_log = logging.getLogger("parvis.requests")
HEADER = "X-Request-ID"
# What a proxy may call a request: letters, digits and dashes, so that nothing else gets into logs and headers.
_NAMED = re.compile(r"[A-Za-z0-9-]{8,64}\Z")
QUIET = frozenset({"static", "site.health", "probes.health", "probes.ready", "metrics.metrics"})


def install(app: Flask) -> None:
    """Begin before everything else, end after it."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_leave)


def request_id() -> str:
    """Return the id of the request being served."""
    return str(g.get("request_id", ""))


def group_of(endpoint: str | None) -> str:
    """Return the part of the product that an endpoint belongs to: one of as many as there are blueprints."""
    if endpoint is None:
        return "none"
    return endpoint.rpartition(".")[0] or endpoint


def _begin() -> None:
    said = request.headers.get(HEADER, "")
    g.request_id = said if _NAMED.match(said) else secrets.token_hex(8)
    g.clock_began = time.perf_counter()
    g.tally = tally.begin()
    g.log_about = log.about(request_id=g.request_id, endpoint=request.endpoint)
    g.log_about.__enter__()


def _end(response: Response) -> Response:
    if "clock_began" not in g:
        return response
    response.headers[HEADER] = g.request_id
    if request.endpoint in QUIET:
        return response
    seconds = time.perf_counter() - g.clock_began
    city = city_or_none()
    figures.observe_request(
        city.id if city else "", group_of(request.endpoint), response.status_code, seconds
    )
    log.write(
        requests_log,
        logging.INFO,
        "request",
        method=request.method if request.method in _METHODS else "other",
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        queries=g.tally.queries,
    )
    return response


def _leave(_error: BaseException | None) -> None:
    if "log_about" in g:
        g.pop("log_about").__exit__(None, None, None)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
