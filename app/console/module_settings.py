"""A form for a module's settings, made from what its manifest declares."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Field, IntegerField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, StopValidation

from app.core.i18n import gettext as _
from app.registry import Module, Setting
from app.registry.manifest import SettingValue
from app.web import settings
from app.web.forms import Form, at_most, given

LONGEST_TEXT = 500


class WholeNumber(IntegerField):  # type: ignore[misc]
    """A whole number; what was typed instead is kept and said in words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; raises ValueError for anything else."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Enter a whole number, for example 10.")) from error

    def pre_validate(self, _form: Form) -> None:
        """Say nothing about the size of what is no number."""
        if self.process_errors and any(text.strip() for text in self.raw_data):
            raise StopValidation


def form_for(module: Module) -> Form:
    """Return the form with the city's present values; one field for each setting, named like its key."""
    fields = {setting.key: _field(setting) for setting in module.settings}
    form: Form = type("SettingsForm", (Form,), fields)(data=settings.values_of(module) if fields else {})
    return form


def keep(module: Module, form: Form) -> ResponseReturnValue:
    """Keep what the form holds and go back to the module's page."""
    values: dict[str, SettingValue] = {s.key: given(form[s.key]) for s in module.settings}
    settings.save(module, values)
    flash(_("The settings of %(module)s are saved.", module=_(module.title)), "ok")
    return redirect(url_for("console.module_page", name=module.name), 303)


def _field(setting: Setting) -> Field:
    label, hint = _(setting.label), _(setting.hint) if setting.hint else ""
    match setting.type:
        case "bool":
            return BooleanField(label, description=hint)
        case "int":
            return WholeNumber(
                label, [InputRequired(_("Enter a number.")), *_range(setting)], description=hint
            )
        case "choice":
            choices = [SelectChoice(key, _(text)) for key, text in setting.choices]
            return RadioField(label, choices=choices, description=hint)
        case _:
            return StringField(label, [at_most(LONGEST_TEXT)], description=hint)


def _range(setting: Setting) -> list[NumberRange]:
    low, high = setting.minimum, setting.maximum
    if low is None and high is None:
        return []
    if high is None:
        text = _("Enter %(low)s or more.", low=low)
    elif low is None:
        text = _("Enter %(high)s or less.", high=high)
    else:
        text = _("Enter a number from %(low)s to %(high)s.", low=low, high=high)
    return [NumberRange(low, high, text)]
