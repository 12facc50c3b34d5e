"""The city's own settings: name, contact, languages, clock, money."""

from functools import cache
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies
from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.services import clean_email
from app.console import city, texts
from app.console.blueprint import bp
from app.core.audit import Detail
from app.core.context import current_city
from app.core.errors import Invalid
from app.core.i18n import LANGUAGES, language, ngettext, offered
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.web.forms import Form, at_most, given, required
from app.web.gates import requires
from app.web.page import render
from tenants.models import CityRecord

REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class SettingsForm(Form):
    """What a city says about itself."""

    name = StringField(_l("Name of the city"), [required(), at_most(120)])
    contact_email = StringField(
        _l("Contact address"),
        [required(), at_most(254)],
        description=_l("Residents see this e-mail address on the contact page."),
    )
    language_1 = SelectField(_l("First language"))
    language_2 = SelectField(_l("Second language"))
    language_3 = SelectField(_l("Third language"))
    language_4 = SelectField(_l("Fourth language"))
    time_zone = SelectField(_l("Time zone"), description=_l("All opening and closing times follow it."))
    currency = SelectField(
        _l("Currency"),
        description=_l("Amounts that are there already keep their number and change their currency."),
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        named = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
        for number, field in enumerate(self.language_fields):
            field.choices = named if number == 0 else [SelectChoice("", _("None")), *named]
        self.time_zone.choices = _zones()
        self.currency.choices = _currencies(language())

    @property
    def language_fields(self) -> list[SelectField]:
        """Return the fields of the languages, in order."""
        return [self.language_1, self.language_2, self.language_3, self.language_4]

    @property
    def languages(self) -> list[str]:
        """Return the languages chosen, in order."""
        return [field.data for field in self.language_fields if field.data]

    def validate_name(self, field: StringField) -> None:
        """Refuse a name of blanks."""
        if not (field.data or "").strip():
            raise ValidationError(_("Fill this in."))

    def validate_contact_email(self, field: StringField) -> None:
        """Refuse what is no address."""
        try:
            clean_email(field.data or "")
        except Invalid as error:
            raise ValidationError(str(error)) from error

    def validate_language_1(self, _field: SelectField) -> None:
        """Refuse a language that is chosen twice."""
        if len(set(self.languages)) != len(self.languages):
            raise ValidationError(_("Choose each language once."))


@bp.route("/settings", methods=["GET", "POST"])
@requires("console.manage")
def settings() -> ResponseReturnValue:
    """Show and change the city's settings."""
    form = SettingsForm(**_present())
    if form.sent():
        _keep(form)
        flash(_("The settings are saved."), "ok")
        return redirect(url_for(".settings"), 303)
    return render("console/settings.html", form=form, texts_said=_texts_said()), form.status


def _texts_said() -> str:
    incomplete = sum(bool(line.missing) for line in texts.lines())
    if not incomplete:
        return _(
            "%(languages)s; nothing is missing.", languages=", ".join(LANGUAGES[code] for code in offered())
        )
    return ngettext("%(num)d text is incomplete.", "%(num)d texts are incomplete.", incomplete)


def _present() -> dict[str, object]:
    served = current_city()
    chosen = {f"language_{number}": code for number, code in enumerate(served.languages, 1)}
    return {
        "name": served.name,
        "contact_email": served.contact_email,
        "time_zone": served.time_zone,
        "currency": served.currency,
        **chosen,
    }


def _keep(form: SettingsForm) -> None:
    row = city.record()
    before = _flat(row)
    if row.languages != form.languages:
        enqueue("search.rebuild", module="*")
    row.name = given(form.name).strip()
    row.contact_email = clean_email(given(form.contact_email))
    row.languages = form.languages
    row.time_zone = given(form.time_zone)
    row.currency = given(form.currency)
    city.note("city.settings_changed", before, _flat(row))


def _flat(row: CityRecord) -> dict[str, Detail]:
    return {
        "name": row.name,
        "contact_email": row.contact_email,
        "languages": ", ".join(row.languages),
        "time_zone": row.time_zone,
        "currency": row.currency,
    }


@cache
def _zones() -> list[SelectChoice]:
    """Return the time zones that people live in, by region."""
    found = [SelectChoice("UTC", "UTC")]
    for key in sorted(available_timezones()):
        region, _slash, place = key.partition("/")
        if place and region in REGIONS:
            label = place.replace("_", " ").replace("/", ", ")
            found.append(SelectChoice(key, label, optgroup=region))
    return found


@cache
def _currencies(reader: str) -> list[SelectChoice]:
    """Return the currencies in use somewhere, named in the reader's language."""
    codes = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, tender=True)
    }
    return [
        SelectChoice(code, f"{code} – {get_currency_name(code, locale=reader)}") for code in sorted(codes)
    ]
