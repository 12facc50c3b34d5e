"""The form of the branding page."""

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from app.console.brand_change import Look
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.web.forms import Form, given
from app.web.localized import LocalizedField
from app.web.look.palette import parse_colour

LONGEST_TAGLINE = 120


class ColourField(StringField):  # type: ignore[misc]
    """One colour with two inputs of one name: the text typed, then the picker.

    A third value, `<name>-shown`, is what the picker showed: the picker counts when it has moved, else the text.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the input that was used."""
        super().process_formdata(valuelist)
        if len(valuelist) > 1 and valuelist[1] != request.form.get(f"{self.name}-shown", valuelist[1]):
            self.data = valuelist[1]

    @property
    def picker(self) -> str:
        """Return the colour for the picker: the one meant, else the one the city has."""
        try:
            return parse_colour(self.data or "")
        except ValueError:
            return current_city().brand


class BrandForm(Form):
    """How a city looks."""

    brand = ColourField(_l("Colour"), description=_l("Six digits after a #, for example #14387f."))
    tagline = LocalizedField(_l("Greeting on the home page"), longest=LONGEST_TAGLINE)
    hero = RadioField(_l("Behind the greeting"))

    @classmethod
    def of_city(cls) -> "BrandForm":
        """Return the form with how the city looks now."""
        served = current_city()
        hero = "skyline" if served.hero.partition(":")[0] == "skyline" else "plain"
        form = cls(brand=served.brand, tagline=dict(served.tagline), hero=hero)
        form.hero.choices = [
            SelectChoice("skyline", _("A drawn skyline in your colour")),
            SelectChoice("plain", _("The colour alone")),
        ]
        return form

    def validate_brand(self, field: ColourField) -> None:
        """Refuse what is no colour."""
        try:
            parse_colour(field.data or "")
        except ValueError as error:
            raise ValidationError(
                _("Enter a colour as # and six digits from 0 to 9 and a to f, like #14387f.")
            ) from error

    def look(self) -> Look:
        """Return what a valid form holds; the city's landmark stays, shown or not."""
        _kind, colon, landmark = current_city().hero.partition(":")
        return Look(parse_colour(given(self.brand)), given(self.hero) + colon + landmark, self.tagline.data)
