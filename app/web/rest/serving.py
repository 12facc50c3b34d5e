"""From a request to its answer: who asks, what was sent, what the view says of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.accounts.tokens import ApiToken, recognise
from app.core.context import acting, current_city
from app.core.errors import ServiceError
from app.core.i18n import gettext as _
from app.core.i18n import language
from app.web.rest import rates
from app.web.rest.endpoints import Endpoint, View
from app.web.rest.faults import faults_of
from app.web.rest.once import once
from app.web.rest.paths import whole
from app.web.rest.problems import Refusal, problem
from app.web.rest.schemas import Fault, Listing, Sent

JSON = "application/json"
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """Something new, and its address."""

    shown: BaseModel
    path: str


def serve(asked: Endpoint, view: View, values: Mapping[str, Any]) -> Response:
    """Answer one request to an endpoint; whatever is refused is a problem."""
    try:
        token = _let_in(asked)
        _check_accept()
        given = dict(values)
        if asked.query is not None or request.args:
            given |= {"query": _read_query(asked.query)} if asked.query else _no_query()
        if asked.body is not None:
            given["body"] = _read_body(asked.body)
        if asked.method == "POST":
            return once(token, lambda: _answer(asked, view(**given)))
        return _answer(asked, view(**given))
    except Refusal as refusal:
        return refusal.answer()
    except RequestEntityTooLarge:
        return _too_large().answer()
    except ServiceError as error:
        return problem(error.status, str(error))
    except HTTPException as error:
        if error.code is None or error.code < 400:
            raise
        return problem(error.code)


def has_scope(name: str) -> bool:
    """Tell whether whoever asks has a token with a scope."""
    token = g.get("token")
    return token is not None and name in token.scopes


def need_scope(name: str) -> None:
    """Refuse whoever has no token with a scope, for views that answer more to those who do."""
    if not has_scope(name):
        _refuse_without(name, g.get("token"))


def unchanged(shown: BaseModel) -> None:
    """Refuse to change what is no longer as the program has seen it (`If-Match`); call it with what is locked."""
    if "If-Match" not in request.headers:
        return
    if not request.if_match.contains(etag_of(_written(shown))):
        raise Refusal(412, _("It has changed since you read it. Read it again, then decide."))


def etag_of(body: str) -> str:
    """Return the tag of an answer's words."""
    return hashlib.sha256(body.encode()).hexdigest()[:32]


def _let_in(asked: Endpoint) -> ApiToken | None:
    """Return the token a program has shown, None where it shows none and needs none; raises Refusal."""
    shown = request.headers.get("Authorization")
    token = recognise(_bearer(shown)) if shown is not None else None
    rates.count(str(token.id) if token is not None else None)
    if shown is not None and token is None:
        raise _no_token(_("This token does not work here. It may have been revoked, or is over."), known=True)
    if token is None and not current_city().published:
        raise Refusal(403, _("This city is not public yet."))
    if token is not None:
        g.token = token
        actor = acting(token.actor)
        actor.__enter__()
        g.leaving.append(actor)
    if asked.scope is not None and (token is None or asked.scope not in token.scopes):
        _refuse_without(asked.scope, token)
    return token


def _refuse_without(scope: str, token: ApiToken | None) -> None:
    if token is None:
        raise _no_token(_("Send a token: Authorization: Bearer parvis_…"))
    named = f'Bearer realm="{_realm()}", error="insufficient_scope", scope="{scope}"'
    said = _("The token is not allowed this. It needs the scope %(scope)s.", scope=scope)
    raise Refusal(403, said, headers={"WWW-Authenticate": named})


def _no_token(detail: str, *, known: bool = False) -> Refusal:
    error = ', error="invalid_token"' if known else ""
    return Refusal(401, detail, headers={"WWW-Authenticate": f'Bearer realm="{_realm()}"{error}'})


def _realm() -> str:
    return current_city().host


def _bearer(header: str) -> str:
    kind, _blank, secret = header.strip().partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _check_accept() -> None:
    if "Accept" in request.headers and not request.accept_mimetypes.best_match([JSON]):
        raise Refusal(406, _("Answers are application/json."))


def _read_query(kind: type[Sent]) -> Sent:
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise Refusal(422, faults=[Fault(detail=_("Say this once."), parameter=name) for name in twice])
    try:
        return kind.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise Refusal(422, faults=faults_of(error, "parameter")) from error


def _no_query() -> dict[str, Sent]:
    faults = [Fault(detail=_("There is no such parameter."), parameter=name) for name in request.args]
    raise Refusal(422, faults=faults)


def _read_body(kind: type[Sent]) -> Sent:
    if request.mimetype != JSON:
        raise Refusal(415, _("Send application/json."))
    if (request.content_length or 0) > MOST_BYTES:
        raise _too_large()
    raw = request.get_data(cache=True)
    try:
        json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refusal(400, _("The body is not JSON in UTF-8.")) from error
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise Refusal(422, faults=faults_of(error, "pointer")) from error


def _too_large() -> Refusal:
    return Refusal(413, _("A body may have one megabyte at most."))


def _answer(asked: Endpoint, said: object) -> Response:
    if said is None:
        return Response(status=asked.status)
    shown = said.shown if isinstance(said, Made) else said
    if not isinstance(shown, BaseModel):
        raise TypeError(f"{asked.name} answers with {type(shown).__name__}")
    body = _written(shown)
    answer = Response(body, asked.status, mimetype=JSON)
    answer.headers["Cache-Control"] = "no-cache" if g.get("token") is None else "private, no-cache"
    answer.headers["Content-Language"] = language()
    answer.vary.update(("Accept-Language", "Authorization"))
    if isinstance(said, Made):
        answer.headers["Location"] = whole(said.path)
    if isinstance(shown, Listing) and shown.next:
        answer.headers["Link"] = f'<{shown.next}>; rel="next"'
    if not isinstance(shown, Listing):
        answer.set_etag(etag_of(body))
    if asked.reads:
        _open_to_pages(asked, answer)
        answer.make_conditional(request)
    return answer


def _open_to_pages(asked: Endpoint, answer: Response) -> None:
    """Let pages of other sites read what everybody may read (CORS); never with anybody's token."""
    if asked.is_public and g.get("token") is None:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = (
            "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
        )
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _written(shown: BaseModel) -> str:
    return shown.model_dump_json(by_alias=True)
