"""Declaring what programs can ask for: one decorator makes the route and its description."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app.core.context import city_or_none
from app.registry import module_of
from app.web.rest.endpoints import ENDPOINTS, PLATFORM, Endpoint, View
from app.web.rest.paths import PREFIX
from app.web.rest.schemas import Sent
from app.web.rest.serving import serve
from app.web.security import csrf


def rest_blueprint(package: str) -> Blueprint:
    """Return the blueprint for what a module offers to programs, under `/api/v1/<module>`; absent where it is off."""
    module = module_of(package)
    blueprint = Blueprint(f"{module.name}_rest", module.package, url_prefix=f"{PREFIX}/{module.path}")

    def switched_on() -> None:
        city = city_or_none()
        if city is None or module.name not in city.modules:
            abort(404)

    blueprint.before_request(switched_on)
    csrf.exempt(blueprint)
    return blueprint


def endpoint(
    bp: Blueprint,
    method: str,
    rule: str,
    *,
    returns: type[BaseModel] | None = None,
    body: type[Sent] | None = None,
    query: type[Sent] | None = None,
    scope: str | None = None,
    may: tuple[str, ...] = (),
    status: int | None = None,
    guarded: bool = False,
) -> Callable[[View], View]:
    """Declare what programs can ask for: the view gets what its address names, and `body` and `query` as they are typed.

    It returns what `returns` says, or `Made` for something new; None is answered with 204. `scope` is what a token needs;
    without one everybody may ask.
    """

    def declare(view: View) -> View:
        name = f"{bp.name}.{view.__name__}"
        usual = 204 if returns is None else 200
        owner = bp.name.removesuffix("_rest") if bp.name.endswith("_rest") else PLATFORM
        declared = Endpoint(
            name,
            owner,
            method,
            f"{bp.url_prefix or ''}{rule}",
            (view.__doc__ or "").strip(),
            status or usual,
            returns,
            body,
            query,
            scope,
            may,
            guarded,
        )
        ENDPOINTS[name] = declared

        @wraps(view)
        def served(**values: Any) -> Response:
            return serve(declared, view, values)

        served.__dict__["rest"] = declared
        bp.add_url_rule(rule, view.__name__, served, methods=[method])
        return view

    return declare
