"""The description of the API in OpenAPI 3.1: made of what is declared, for the modules that are on."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.blueprint import bp
from app.core.context import City, current_city
from app.core.events import Event
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.rest.endpoints import ENDPOINTS, PLATFORM, Endpoint, scopes_for
from app.web.rest.once import HEADER
from app.web.rest.paths import whole
from app.web.rest.problems import TYPE, problem
from app.web.rest.schemas import Listing, Problem
from app.web.webhooks.keeping import choosable

Part = dict[str, Any]
VERSION = "1.0.0"
REF = "#/components/schemas/{model}"
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
KINDS: Mapping[str, Part] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0, "maximum": 2_147_483_647},
    "": {"type": "string", "pattern": r"^[^/\u0000]+$"},
}
ABOUT = """\
Everything that the city offers to other programs. Public things need no token; for the rest an administrator makes one
in the back office, with the scopes it needs. Times are RFC 3339 in UTC, amounts of money whole minor units with their
currency, texts objects from language to words. Errors are problems (RFC 9457)."""


@bp.get("/openapi.json")
def description() -> ResponseReturnValue:
    """Return the description as JSON."""
    if not current_city().published:
        return problem(403, _("This city is not public yet."))
    answer = Response(json.dumps(document(current_city()), ensure_ascii=False), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.add_etag()
    return answer.make_conditional(request)


def document(city: City) -> Part:
    """Return the description for a city."""
    offered = offered_in(city.modules)
    told = choosable()
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{city.name}: API", "version": VERSION, "description": ABOUT},
        "servers": [{"url": whole("")}],
        "tags": [{"name": name, "description": about} for name, about in _tags(offered).items()],
        "paths": _paths(offered),
        "webhooks": {each.name: {"post": _message(each)} for each in told.values()},
        "components": {
            "schemas": _schemas(offered, told.values()),
            "responses": {"Problem": _problem()},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token from the back office (Settings, Other programs). Scopes: "
                    + ", ".join(f"`{name}`" for name in scopes_for(city.modules)),
                }
            },
        },
    }


def offered_in(on: frozenset[str]) -> list[Endpoint]:
    """Return what can be asked for in a city with these modules, the platform's own first."""
    order = [PLATFORM, *modules()]
    found = [each for each in ENDPOINTS.values() if each.owner == PLATFORM or each.owner in on]
    return sorted(found, key=lambda each: order.index(each.owner))


def _tags(offered: Iterable[Endpoint]) -> dict[str, str]:
    return {
        each.owner: "The city itself" if each.owner == PLATFORM else modules()[each.owner].summary
        for each in offered
    }


def _paths(offered: Iterable[Endpoint]) -> Part:
    paths: Part = {}
    for each in offered:
        paths.setdefault(PARAMETER.sub(r"{\2}", each.path), {})[each.method.lower()] = _operation(each)
    return paths


def _operation(each: Endpoint) -> Part:
    summary, _blank, more = each.text.partition("\n")
    found: Part = {
        "operationId": each.name,
        "tags": [each.owner],
        "summary": summary.rstrip("."),
        "parameters": [*_path_parameters(each), *_query_parameters(each), *_header_parameters(each)],
        "responses": _responses(each),
        "security": [{}, {"token": []}] if each.is_public else [{"token": []}],
    }
    notes = [more.strip(), f"Needs the scope `{each.scope}`." if each.scope else ""]
    notes += [f"With the scope `{name}` it answers more." for name in each.may]
    if said := " ".join(note for note in notes if note):
        found["description"] = said
    if each.body is not None:
        schema = {"$ref": REF.format(model=each.body.__name__)}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _path_parameters(each: Endpoint) -> list[Part]:
    return [
        {"name": name, "in": "path", "required": True, "schema": dict(KINDS[kind or ""])}
        for kind, name in PARAMETER.findall(each.path)
    ]


def _query_parameters(each: Endpoint) -> list[Part]:
    if each.query is None:
        return []
    schema = each.query.model_json_schema()
    needed = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            **_described(_inlined(part, schema.get("$defs", {}))),
        }
        for name, part in schema["properties"].items()
    ]


def _inlined(part: Part, defined: Part) -> Part:
    """Return the schema of a parameter with the choices it refers to."""
    rest = {key: value for key, value in part.items() if key != "$ref"}
    return {**defined[part["$ref"].rpartition("/")[2]], **rest} if "$ref" in part else rest


def _described(part: Part) -> Part:
    """Return the schema of a parameter: one that can be left out is not sent as null."""
    said = {key: value for key, value in part.items() if key not in ("title", "description")}
    kinds = [kind for kind in said.pop("anyOf", []) if kind.get("type") != "null"]
    if kinds:
        said = {**kinds[0], **{key: value for key, value in said.items() if value is not None}}
    found: Part = {"schema": said}
    return {**found, "description": part["description"]} if "description" in part else found


def _header_parameters(each: Endpoint) -> list[Part]:
    found = []
    if each.guarded:
        found.append(_header("If-Match", "Change it only if its `ETag` is still this one."))
    if each.method == "POST":
        found.append(_header(HEADER, "Sent again with the same key, the request is carried out once."))
    return found


def _header(name: str, about: str) -> Part:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": about,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    }


def _responses(each: Endpoint) -> Part:
    said: Part = {"description": HTTPStatus(each.status).phrase}
    if each.returns is not None:
        schema = {"$ref": REF.format(model=each.returns.__name__)}
        said["content"] = {"application/json": {"schema": schema}}
    said["headers"] = _answer_headers(each)
    found = {str(each.status): said}
    if each.reads:
        found["304"] = {"description": "Not Modified"}
    return found | {str(status): {"$ref": "#/components/responses/Problem"} for status in _refusals(each)}


def _answer_headers(each: Endpoint) -> Part:
    names = ["RateLimit", "RateLimit-Policy"]
    if each.returns is not None and issubclass(each.returns, Listing):
        names.append("Link")
    elif each.returns is not None:
        names.append("ETag")
    if each.status == HTTPStatus.CREATED:
        names.append("Location")
    return {name: {"schema": {"type": "string"}} for name in names}


def _refusals(each: Endpoint) -> list[int]:
    """Return what it can be refused with, beside what can happen to every request."""
    found = {400, 401, 403, 404, 406, 429, 500, 503}
    if each.query is not None or each.body is not None:
        found.add(422)
    if each.body is not None:
        found |= {413, 415}
    if not each.reads:
        found |= {409, 422}
    if each.guarded:
        found.add(412)
    return sorted(found | {422})


def _problem() -> Part:
    schema = {"$ref": REF.format(model=Problem.__name__)}
    return {"description": "What went wrong", "content": {TYPE: {"schema": schema}}}


def _message(each: Event) -> Part:
    schema: Part = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": each.name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"$ref": REF.format(model=each.data.__name__)},
        },
    }
    return {
        "operationId": f"webhook.{each.name}",
        "summary": str(each.label),
        "tags": [each.owner if each.owner in modules() else PLATFORM],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"2XX": {"description": "It has arrived"}},
    }


def _schemas(offered: Sequence[Endpoint], told: Iterable[Event]) -> Part:
    answers: dict[type[BaseModel], None] = dict.fromkeys(
        model for each in offered for model in (each.returns,) if model is not None
    )
    answers |= dict.fromkeys([Problem, *(each.data for each in told)])
    sent = dict.fromkeys(each.body for each in offered if each.body is not None)
    pairs = [(model, "serialization") for model in answers] + [(model, "validation") for model in sent]
    _by_model, found = models_json_schema(pairs, ref_template=REF)  # type: ignore[arg-type]
    # Pydantic calls a list Listing_Article_, and ArticleList in its title alone; nothing else refers to one.
    called = {
        key: part["title"] if key.startswith("Listing_") else key for key, part in found["$defs"].items()
    }
    return {called[key]: found["$defs"][key] for key in sorted(called, key=called.__getitem__)}
