"""Blueprints of modules: absent in a city that has the module off, staff pages for staff only."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Flask, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.current import current_person, current_visit, may, to_sign_in, works_here, works_in
from app.core.context import city_or_none
from app.core.errors import Forbidden
from app.core.i18n import gettext as _
from app.registry import Module, module_of, modules
from app.web.rest.paths import is_for_programs

P = ParamSpec("P")
OPEN_BEFORE_PUBLICATION = frozenset(
    {"site", "portal_sign_in", "portal_about", "portal_unsubscribe", "console", "arrival", "visits"}
)


def public_blueprint(package: str) -> Blueprint:
    """Return the blueprint for a module's pages for residents, under `/<module>`."""
    return _blueprint(package, "public", "")


def admin_blueprint(package: str) -> Blueprint:
    """Return the blueprint for a module's pages for staff, under `/admin/<module>`; for whoever has a role there."""
    blueprint = _blueprint(package, "admin", "/admin")
    blueprint.before_request(staff_only)
    blueprint.before_request(_workers_of(module_of(package)))
    return blueprint


def city_blueprint(name: str, package: str, prefix: str = "") -> Blueprint:
    """Return a blueprint of the platform that exists on cities' hosts only."""
    blueprint = Blueprint(name, package, url_prefix=prefix or None, template_folder="templates")
    blueprint.before_request(_on_a_city)
    return blueprint


def apex_blueprint(name: str, package: str, prefix: str = "") -> Blueprint:
    """Return a blueprint that exists on the platform's own site only."""
    blueprint = Blueprint(name, package, url_prefix=prefix or None, template_folder="templates")
    blueprint.before_request(_on_the_apex)
    return blueprint


def requires(
    permission: str,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let only those with `permission` in; others get 403, or the sign-in page when nobody is signed in."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if current_person() is None:
                return to_sign_in()
            if not may(permission):
                raise Forbidden(_refusal())
            return view(*args, **kwargs)

        guarded.__dict__["requires"] = permission
        return guarded

    return guard


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody needs to open a page for staff."""

    module: str
    """Whose page it is; empty for the platform's own."""
    permission: str
    """Empty where a role that leads to the module is enough."""


def door_of(endpoint: str) -> Door | None:
    """Return what a page for staff asks for; None for an address that is none."""
    blueprint = current_app.blueprints.get(endpoint.rpartition(".")[0])
    asked = current_app.before_request_funcs.get(blueprint.name, []) if blueprint else []
    if blueprint is None or staff_only not in asked:
        return None
    owner = next(
        (module.name for module in modules().values() if module.package == blueprint.import_name), ""
    )
    needed = current_app.view_functions[endpoint].__dict__.get("requires", "")
    return Door(owner, str(needed) or ("" if owner else "console.view"))


def staff_only() -> ResponseReturnValue | None:
    """Turn away whoever may not see the console."""
    if current_person() is None:
        return to_sign_in()
    if not may("console.view"):
        raise Forbidden(_("These pages are for the people who work for the city."))
    return None


def _workers_of(module: Module) -> Callable[[], None]:
    def for_workers() -> None:
        if not works_in(module.name):
            raise Forbidden(_("Your role does not include %(module)s.", module=_(module.title)))

    return for_workers


def _refusal() -> str:
    if current_visit() is not None:
        return _("This is for the city's own administrators. An operator on a visit cannot do it.")
    return _("Your role does not include this.")


def install(app: Flask) -> None:
    """Keep a city that is not public yet to the people who prepare it."""
    app.before_request(_private_until_published)


def _private_until_published() -> ResponseReturnValue | None:
    city = city_or_none()
    if (
        city is None
        or city.published
        or request.blueprint in OPEN_BEFORE_PUBLICATION
        or is_for_programs(request.path)
        or request.endpoint == "static"
    ):
        return None
    if works_here():
        return None
    return render_template("private.html"), 403


def _blueprint(package: str, side: str, prefix: str) -> Blueprint:
    module = module_of(package)
    blueprint = Blueprint(
        f"{module.name}_{side}",
        module.package,
        template_folder="templates",
        url_prefix=f"{prefix}/{module.path}",
    )
    blueprint.before_request(_gate(module))
    return blueprint


def _gate(module: Module) -> Callable[[], None]:
    def switched_on() -> None:
        city = city_or_none()
        if city is None or module.name not in city.modules:
            abort(404)

    return switched_on


def _on_a_city() -> None:
    if city_or_none() is None:
        abort(404)


def _on_the_apex() -> None:
    if city_or_none() is not None:
        abort(404)
