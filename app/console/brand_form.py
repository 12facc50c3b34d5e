"""The form of the branding page."""

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from app.console.brand_change import Look, is_branding
from app.core.context import current_city
from app.core.errors import NotFound, ServiceError
from app.core.i18n import gettext as _
from app.services.files import image_size, store_image
from app.web.forms import Form, given
from app.web.localized import LocalizedField
from app.web.look.face import FONT, FONTS, FOOTER, LOGO, PICTURE, texts
from app.web.look.palette import parse_colour

LONGEST_TAGLINE = 120
LONGEST_FOOTER = 200


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
    picture = FileField(_l("Picture"))
    kept_picture = HiddenField()
    logo = FileField(_l("Logo or coat of arms"))
    kept_logo = HiddenField()
    remove_logo = BooleanField(_l("Remove the logo"))
    font = RadioField(_l("Font"))
    footer = LocalizedField(_l("Text at the foot of every page"), longest=LONGEST_FOOTER)

    @classmethod
    def of_city(cls) -> "BrandForm":
        """Return the form with how the city looks now."""
        served = current_city()
        hero, look = served.hero.partition(":")[0], served.look
        form = cls(
            brand=served.brand,
            tagline=dict(served.tagline),
            hero=hero if hero in ("skyline", PICTURE) else "plain",
            kept_picture=look.get(PICTURE, ""),
            kept_logo=look.get(LOGO, ""),
            font=look.get(FONT, "figtree"),
            footer=texts(look, FOOTER),
        )
        form.font.choices = font_choices()
        # A form that was sent without it, as older pages do, keeps what there is.
        form.font.data = form.font.data or look.get(FONT, "figtree")
        form.hero.choices = [
            SelectChoice("skyline", _("A drawn skyline in your colour")),
            SelectChoice(PICTURE, _("A picture of yours")),
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
        hero = given(self.hero)
        return Look(
            parse_colour(given(self.brand)),
            hero + colon + landmark if hero != PICTURE else hero,
            self.tagline.data,
            self._rest(),
        )

    def _rest(self) -> dict[str, str]:
        """Return the look besides colour and greeting; what other pages keep there stays."""
        kept = {key: text for key, text in current_city().look.items() if not is_branding(key)}
        logo = "" if self.remove_logo.data else self.kept_logo.data or ""
        chosen = {LOGO: logo, PICTURE: self.kept_picture.data or "", FONT: given(self.font)}
        footer = {f"{FOOTER}_{code}": words for code, words in self.footer.data.items()}
        return {**kept, **{key: text for key, text in {**chosen, **footer}.items() if text}}

    def validate_picture(self, field: Field) -> None:
        """Store what was chosen at once, so that it need not be chosen again."""
        _store(field, self.kept_picture)

    def validate_logo(self, field: Field) -> None:
        """Store what was chosen at once; a new logo is not removed."""
        if _store(field, self.kept_logo):
            self.remove_logo.data = False

    def validate_hero(self, field: Field) -> None:
        """Ask for the picture that is to be shown."""
        if field.data == PICTURE and not (self.picture.data or self.kept_picture.data):
            raise ValidationError(_("Choose a picture, or something else behind the greeting."))

    def validate_kept_picture(self, field: Field) -> None:
        """Forget a name under which this city keeps no picture."""
        _forget_stranger(field)

    def validate_kept_logo(self, field: Field) -> None:
        """Forget a name under which this city keeps no logo."""
        _forget_stranger(field)


def font_choices() -> list[SelectChoice]:
    """Return the letters to choose from, in words."""
    names = {
        "figtree": _("Clear and round (Figtree)"),
        "system": _("As the reader's device has them"),
        "humanist": _("Humanist, without serifs"),
        "serif": _("Bookish, with serifs"),
        "slab": _("Strong, with straight serifs"),
    }
    return [SelectChoice(key, names[key]) for key in FONTS]


def _store(field: Field, kept: Field) -> bool:
    if not field.data:
        return False
    try:
        kept.data = store_image(field.data.stream)
    except ServiceError as error:
        raise ValidationError(str(error)) from error
    return True


def _forget_stranger(field: Field) -> None:
    if field.data:
        try:
            image_size(field.data)
        except NotFound:
            field.data = ""
