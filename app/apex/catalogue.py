"""The catalogue: every installed module as its manifest and its README describe it."""

from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.apex import facts
from app.apex.readme import readme_of
from app.apex.translated import languages_of
from app.core.i18n import LANGUAGES
from app.core.i18n import gettext as _
from app.registry import Module, modules
from app.registry.manifest import SettingValue
from app.web.gates import apex_blueprint
from app.web.page import render

bp = apex_blueprint("apex_catalogue", __name__)
ROLE_NAMES = {
    "viewer": _l("Viewers"),
    "editor": _l("Editors"),
    "administrator": _l("Administrators"),
}
MATURITY = {"bronze": _l("Bronze"), "silver": _l("Silver"), "gold": _l("Gold")}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table on a module's page."""

    label: str
    value: str
    hint: str = ""


@bp.get("/catalogue")
def index() -> str:
    """List the modules, the most used first; filtered by words and category."""
    words, category = request.args.get("q", "").strip().lower(), request.args.get("category", "")
    cities = facts.public_cities()
    uses = facts.uses(cities)
    found = [m for m in modules().values() if category in ("", m.category) and _mentions(m, words)]
    return render(
        "apex/catalogue.html",
        modules=sorted(found, key=lambda m: (-uses[m.name], _(m.title))),
        uses=uses,
        words=request.args.get("q", ""),
        category=category,
        categories=sorted(
            {(m.category, _(m.category)) for m in modules().values()}, key=lambda pair: pair[1]
        ),
    )


@bp.get("/catalogue/<path>")
def module(path: str) -> ResponseReturnValue:
    """Show what a module does, what it needs, who maintains and who uses it."""
    found = next((m for m in modules().values() if m.path == path), None)
    if found is None:
        abort(404)
    return render(
        "apex/module.html",
        module=found,
        about=_about(found),
        settings=[_setting(s.label, s.default, s.hint) for s in found.settings],
        permissions=[Row(_(p.label), _roles(p.roles)) for p in found.permissions],
        cities=[city for city in facts.public_cities() if found.name in city.modules],
        readme=readme_of(found),
    )


def _about(found: Module) -> list[tuple[str, str]]:
    needs = [_(modules()[name].title) for name in found.requires]
    return [
        (_("Version"), found.version),
        (_("Maintained by"), ", ".join(facts.owner_name(owner) for owner in found.owners)),
        (_("Level"), str(MATURITY.get(found.maturity, found.maturity))),
        (_("Languages"), ", ".join(LANGUAGES[code] for code in languages_of(found))),
        (_("Needs"), ", ".join(needs) or _("No other module")),
    ]


def _mentions(found: Module, words: str) -> bool:
    return words in f"{_(found.title)} {_(found.summary)}".lower()


def _setting(label: str, default: SettingValue, hint: str) -> Row:
    if isinstance(default, bool):
        return Row(_(label), _("On") if default else _("Off"), _(hint) if hint else "")
    return Row(_(label), str(default), _(hint) if hint else "")


def _roles(roles: tuple[str, ...]) -> str:
    named = [str(ROLE_NAMES[role]) for role in (*roles, "administrator") if role in ROLE_NAMES]
    return ", ".join(dict.fromkeys(named))
