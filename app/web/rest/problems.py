"""Errors for programs: one form for all of them (RFC 9457)."""

from collections.abc import Mapping, Sequence

from flask import Response, g, request
from flask_babel import lazy_gettext as _l

from app.core.context import city_or_none
from app.core.i18n import language
from app.web.rest.paths import ROOT, is_for_programs
from app.web.rest.schemas import Fault, Problem

TYPE = "application/problem+json"
KINDS: Mapping[int, tuple[str, str]] = {
    400: ("unreadable", _l("This could not be read")),
    401: ("no-token", _l("A valid token is needed")),
    403: ("not-allowed", _l("This is not open to you")),
    404: ("not-found", _l("There is nothing at this address")),
    405: ("wrong-method", _l("This cannot be done here")),
    406: ("wrong-format", _l("There is no answer in this format")),
    409: ("conflict", _l("Something has changed meanwhile")),
    412: ("changed", _l("It is no longer as you have seen it")),
    413: ("too-large", _l("This is too large")),
    415: ("wrong-type", _l("Send JSON")),
    422: ("invalid", _l("Something in it cannot be used")),
    429: ("too-many", _l("Too many requests")),
    500: ("failed", _l("Something went wrong on our side")),
    503: ("unavailable", _l("This is not available just now")),
}


class Refusal(Exception):
    """A request that is refused, with what its answer says."""

    def __init__(
        self,
        status: int,
        detail: str | None = None,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.faults, self.headers = list(faults), dict(headers or {})

    def answer(self) -> Response:
        """Return it as an answer."""
        return problem(self.status, self.detail, faults=self.faults, headers=self.headers)


def problem(
    status: int,
    detail: str | None = None,
    *,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem in the reader's language."""
    name, title = KINDS.get(status) or KINDS[500 if status >= 500 else 400]
    reference = str(g.get("error_reference") or "") if status >= 500 else ""
    said = Problem(
        type=f"{ROOT}/#problem-{name}",
        title=str(title),
        status=status,
        detail=detail,
        instance=request.path,
        errors=list(faults) or None,
        reference=reference or None,
    )
    answer = Response(said.model_dump_json(exclude_none=True), status, mimetype=TYPE)
    answer.headers.extend(headers or {})
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Language"] = language()
    return answer


def say_as_problem(response: Response) -> Response:
    """Turn an error that something else has answered with into a problem, where a program asked."""
    if response.status_code < 400 or response.mimetype == TYPE or not is_for_programs(request.path):
        return response
    kept = {
        name: value
        for name, value in response.headers
        if name in ("Allow", "Retry-After", "WWW-Authenticate", "X-Robots-Tag")
    }
    city = city_or_none()
    reason = city.state_reason if city is not None and not city.is_live else None
    return problem(response.status_code, reason or None, headers=kept)
