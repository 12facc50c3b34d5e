"""Traces for OpenTelemetry, where the deployment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT); else nothing is loaded.

A span says which part of the product worked for which city and how long: endpoints, tasks and the shape of statements.
Values, addresses of pages and people are in none.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import Engine, event

from app.core.context import city_or_none

Attribute = str | int | float | bool
VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_tracers: list[Any] = []


def begin(service: str, exporter: Any = None) -> bool:
    """Send spans from now on, when a collector is named or an exporter is given; tells whether it does.

    Called in each process after it has forked: what sends the spans is a thread.
    """
    if exporter is None and not os.environ.get(VARIABLE):
        return False
    try:
        sdk, resources = (import_module(f"opentelemetry.sdk.{name}") for name in ("trace", "resources"))
        export = import_module("opentelemetry.sdk.trace.export")
        if exporter is None:
            http = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
            processor = export.BatchSpanProcessor(http.OTLPSpanExporter())
        else:
            processor = export.SimpleSpanProcessor(exporter)
    except ImportError as error:
        raise SystemExit(f"{VARIABLE} is set: install parvis[tracing], or unset it") from error
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": service}))
    provider.add_span_processor(processor)
    _tracers[:] = [provider.get_tracer("parvis")]
    return True


def end() -> None:
    """Send no spans any more."""
    _tracers.clear()


@contextmanager
def span(name: str, **attributes: Attribute) -> Iterator[None]:
    """Show the block as a span of the trace; names with a double underscore are written with a dot."""
    if not _tracers:
        yield
        return
    city = city_or_none()
    facts = {key.replace("__", "."): value for key, value in attributes.items()}
    with _tracers[0].start_as_current_span(
        name,
        attributes={**facts, **({"city": city.id} if city else {})},
        record_exception=False,
        set_status_on_exception=True,
    ):
        yield


def install(app: Flask) -> None:
    """Show each request as a span, once there is a tracer."""
    app.before_request(_begin_request)
    app.after_request(_name_request)
    app.teardown_request(_end_request)


def install_on(engine: Engine) -> None:
    """Show each statement as a span: its shape, without values."""
    event.listen(engine, "before_cursor_execute", _begin_statement)
    event.listen(engine, "after_cursor_execute", _end_statement)
    event.listen(engine, "handle_error", _fail_statement)


def shape_of(statement: str) -> str:
    """Return a statement without the comments and the values that stand in it."""
    return " ".join(_VALUES.sub("?", _COMMENT.sub("", statement)).split())[:2000]


def _begin_request() -> None:
    if _tracers:
        g.span = span(f"{request.method} {request.endpoint}", http__request__method=request.method)
        g.span.__enter__()


def _name_request(response: Response) -> Response:
    if "span" in g:
        now = import_module("opentelemetry.trace").get_current_span()
        now.set_attribute("http.response.status_code", response.status_code)
        now.set_attribute("endpoint", request.endpoint or "none")
        now.set_attribute("request_id", str(g.get("request_id", "")))
        city = city_or_none()
        if city is not None:
            now.set_attribute("city", city.id)
    return response


def _end_request(_error: BaseException | None) -> None:
    if "span" in g:
        g.pop("span").__exit__(None, None, None)


def _begin_statement(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if _tracers:
        shape = shape_of(statement)
        one = _tracers[0].start_span(
            shape.split(" ", 1)[0].upper(),
            attributes={"db.system.name": "postgresql", "db.query.text": shape},
        )
        connection.info.setdefault("spans", []).append(one)


def _end_statement(connection: Any, *_rest: Any) -> None:
    if spans := connection.info.get("spans"):
        spans.pop().end()


def _fail_statement(context: Any) -> None:
    if context.connection is not None:
        _end_statement(context.connection)
