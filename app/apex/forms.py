"""The forms of the platform's own site."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField
from wtforms.fields import SelectChoice

from app.core.i18n import LANGUAGES
from app.web.forms import Form, at_most, required

_CHECKED_ON_BLUR = {
    "hx-get": "/start/address",
    "hx-trigger": "blur",
    "hx-target": "#address-check",
    "hx-swap": "innerHTML",
    "hx-include": "#city_name, #language",
}
_SUGGESTED_ON_BLUR = {
    "hx-get": "/start/address?fill=1",
    "hx-trigger": "blur",
    "hx-target": "#address",
    "hx-swap": "outerMorph",
    "hx-include": "#slug, #language",
    "data-suggests": "slug",
}


def plain_line(text: str | None) -> str:
    """Return one line without control characters and doubled spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


class StartForm(Form):
    """What is asked of whoever starts a city: four fields, nothing else."""

    city_name = StringField(
        _l("City name"),
        [required(_l("Enter the name of your city.")), at_most(120)],
        [plain_line],
        render_kw=_SUGGESTED_ON_BLUR,
    )
    slug = StringField(
        _l("Web address"), filters=[plain_line], render_kw={**_CHECKED_ON_BLUR, "spellcheck": "false"}
    )
    email = EmailField(
        _l("Work e-mail"), [required(_l("Enter your e-mail address.")), at_most(254)], [plain_line]
    )
    language = SelectField(
        _l("Main language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )
