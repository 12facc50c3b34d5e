"""A city's home page."""

import hashlib

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.core.context import City, current_city
from app.registry import Module, modules
from app.web.gates import city_blueprint
from app.web.kept import same_for_visitors
from app.web.look.face import PICTURE
from app.web.page import render
from app.web.requests import can_be_followed
from app.web.sections import home_sections

bp = city_blueprint("portal", __name__)


@bp.get("/home")
@same_for_visitors
def home() -> ResponseReturnValue:
    """Show what is going on in the city and what it offers; the front door shows this page at `/`."""
    if request.path != "/":
        return redirect("/", 301)
    city = current_city()
    return render(
        "portal/home.html",
        skyline=_picture(city),
        sections=home_sections(),
        services=_services(city),
        can_be_followed=can_be_followed(),
    )


def _services(city: City) -> list[Module]:
    """Return the modules that are on and have pages for residents."""
    on = (module for module in modules().values() if module.name in city.modules and module.in_menu)
    return [module for module in on if f"{module.name}_public" in current_app.blueprints]


def _picture(city: City) -> str:
    """Return the address of what is behind the greeting: the city's picture, or the one that is drawn."""
    if city.hero.partition(":")[0] == PICTURE and city.look.get(PICTURE):
        return url_for("site.uploaded", name=city.look[PICTURE])
    return _skyline(city)


def _skyline(city: City) -> str:
    """Return the address of the generated picture, empty when the city wants a plain panel."""
    if city.hero.partition(":")[0] != "skyline":
        return ""
    version = hashlib.sha256(f"{city.slug} {city.brand} {city.hero}".encode()).hexdigest()[:8]
    return f"/skyline.svg?v={version}"
