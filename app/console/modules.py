"""Modules: what is installed, what is on, and the switch."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_timedelta
from flask import Response, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.console import module_settings, switching
from app.console.blueprint import bp
from app.console.catalogue import SHOWN, about, catalogue, permissions, titles_of
from app.core.clock import now
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.core.i18n import language
from app.registry import Module
from app.registry import modules as installed_modules
from app.web.gates import requires
from app.web.page import is_htmx, render
from tenants import toggles
from tenants.models import ModuleToggle

JUST_SWITCHED = "console-switched"


@dataclass(frozen=True, slots=True)
class Switched:
    """What this browser has just switched: the first module, and those that went with it."""

    modules: Sequence[Module]
    on: bool

    @property
    def name(self) -> str:
        """Return the name of the module whose switch was pressed."""
        return self.modules[0].name

    @property
    def together(self) -> list[str]:
        """Return the names of what was switched with it."""
        return [module.name for module in self.modules[1:]]

    @property
    def titles(self) -> str:
        """Return the names in words."""
        return titles_of(self.modules)

    @property
    def path(self) -> str:
        """Return where residents find the module; empty when it has no pages for them."""
        return f"/{self.modules[0].path}/" if self.modules[0].load("public") is not None else ""


@bp.get("/modules/")
@requires("console.manage")
def modules() -> str:
    """List the installed modules, each with its switch."""
    which = request.args.get("show", "all")
    which = which if which in SHOWN else "all"
    found, switched = catalogue(), _just_switched()
    config = current_app.config["PARVIS"]
    return render(
        "console/modules.html",
        which=which,
        counts=found.counts(),
        rows=found.shown(which, keep=switched.name if switched else ""),
        switched=switched,
        catalogue_url=config.url(config.base_domain, "/catalogue"),
    )


@bp.route("/modules/<name>", methods=["GET", "POST"])
@requires("console.manage")
def module_page(name: str) -> ResponseReturnValue:
    """Show one module; its settings are changed here."""
    module = switching.installed(name)
    form = module_settings.form_for(module)
    if form.sent():
        return module_settings.keep(module, form)
    page = render(
        "console/module.html",
        module=module,
        row=catalogue().row(name),
        about=about(module),
        permissions=permissions(module),
        has_admin=module.load("admin") is not None,
        form=form,
        switched=_just_switched(),
    )
    return page, form.status


@bp.post("/modules/<name>/switch")
@requires("console.manage")
def switch(name: str) -> ResponseReturnValue:
    """Switch a module on or off, with what goes together with it."""
    module, wanted = switching.installed(name), request.form.get("on") == "1"
    together = [other for other in request.form.getlist("together") if other in installed_modules()]
    confirmed = request.form.get("confirmed") == "1"
    try:
        changed = switching.switch(name, on=wanted, together=together, confirmed=confirmed)
    except switching.Unconfirmed:
        return _lead_to(url_for(".ask", name=name, way="on" if wanted else "off"))
    except switching.AlreadySo as found:
        return _already(module, found.by, on=wanted)
    _remember(Switched([module, *(m for m in changed if m is not module)], wanted))
    return redirect(_back(name), 303)


@bp.get("/modules/<name>/<any('on', 'off'):way>")
@requires("console.manage")
def ask(name: str, way: str) -> ResponseReturnValue:
    """Say what a switch would do, before it does it."""
    module, wanted = switching.installed(name), way == "on"
    now_on = switching.switched_on(toggles.toggles(current_city().id))
    if (name in now_on) == wanted:
        return redirect(url_for(".module_page", name=name), 303)
    effects, found = switching.effects(name, on=wanted, now_on=now_on), catalogue()
    return render(
        f"console/switch_{way}.html",
        row=found.row(module.name),
        others=[found.row(other.name) for other in effects.together],
        titles=titles_of(effects.together),
        live=effects.live,
    )


def _remember(switched: Switched) -> None:
    """Say on the next page what was switched, with the way back."""
    session[JUST_SWITCHED] = {"modules": [m.name for m in switched.modules], "on": switched.on}
    flash(Markup(render("console/switched.html", switched=switched)), "ok")  # noqa: S704  a rendered template


def _just_switched() -> Switched | None:
    """Return what this browser has just switched, once, for the form behind Undo."""
    kept = session.pop(JUST_SWITCHED, None)
    found = [installed_modules()[n] for n in kept["modules"] if n in installed_modules()] if kept else []
    return Switched(found, kept["on"]) if found else None


def _already(module: Module, by: ModuleToggle | None, *, on: bool) -> ResponseReturnValue:
    ago = format_timedelta(by.changed_at - now(), add_direction=True, locale=language()) if by else ""
    who = by.changed_by if by else ""
    page = render("console/already.html", title=_(module.title), module=module, on=on, ago=ago, who=who)
    return page, 409


def _lead_to(url: str) -> ResponseReturnValue:
    """Send the browser to another page; with htmx as a whole page, so that its address is right."""
    return Response(headers={"HX-Redirect": url}) if is_htmx() else redirect(url, 303)


def _back(name: str) -> str:
    if request.args.get("back") == "page":
        return url_for(".module_page", name=name)
    which = request.args.get("show", "")
    return url_for(".modules", show=which if which in SHOWN[1:] else None)
