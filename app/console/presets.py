"""Modules for a start: three ways to choose, derived from the categories of what is installed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice

from app.console import switching
from app.console.blueprint import bp
from app.console.catalogue import titles_of
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.registry import Module
from app.registry import modules as installed_modules
from app.web.forms import Form, given, required
from app.web.gates import requires
from app.web.page import render

PARTICIPATION = "Citizen participation"
INFORMATION = "Information"


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of modules."""

    name: str
    title: str
    modules: Sequence[Module]

    @property
    def titles(self) -> str:
        """Return what is in it, in words."""
        return titles_of(self.modules)


class PresetForm(Form):
    """Which preset."""

    preset = RadioField(_l("What do you want to offer first?"), [required(_l("Choose what to start with."))])


def offered_presets() -> list[Preset]:
    """Return the presets that hold something, with all that their modules need."""
    kinds: list[tuple[str, str, Callable[[Module], bool]]] = [
        ("participation", _("Participation"), lambda m: m.category in (PARTICIPATION, INFORMATION)),
        ("services", _("Services"), lambda m: m.category != PARTICIPATION),
        ("everything", _("Everything"), lambda _m: True),
    ]
    made = [Preset(name, title, _chosen(fits)) for name, title, fits in kinds]
    return [preset for preset in made if preset.modules]


def _chosen(fits: Callable[[Module], bool]) -> Sequence[Module]:
    return switching.with_needs(m.name for m in installed_modules().values() if fits(m))


@bp.route("/modules/start", methods=["GET", "POST"])
@requires("console.manage")
def presets() -> ResponseReturnValue:
    """Choose modules for a start; what is on already stays on."""
    choices, form = {p.name: p for p in offered_presets()}, PresetForm()
    form.preset.choices = [SelectChoice(p.name, p.title) for p in choices.values()]
    if form.sent():
        changed = switching.switch_on_all(m.name for m in choices[given(form.preset)].modules)
        flash(_said(changed), "ok" if changed else "info")
        return redirect(url_for(".modules"), 303)
    notes = {p.name: p.titles for p in choices.values()}
    return render("console/presets.html", form=form, notes=notes), form.status


def _said(changed: list[Module]) -> str:
    if not changed:
        return _("All of this was on already.")
    return ngettext("%(modules)s is on.", "%(modules)s are on.", len(changed), modules=titles_of(changed))
