"""The languages Parvis speaks, and which one the present reader gets."""

from functools import cache
from pathlib import Path

import flask_babel
from babel import Locale
from flask import has_request_context, request

from app.core.context import city_or_none

LANGUAGES = {"en": "English", "fr": "Français", "hu": "Magyar", "es": "Español"}
COOKIE = "__Host-parvis-language"
PLATFORM_CATALOG = Path(__file__).parent.parent / "locale"


def offered() -> tuple[str, ...]:
    """Return the languages of the site being served, its first language first."""
    city = city_or_none()
    return city.languages if city else tuple(LANGUAGES)


def select_language() -> str:
    """Return the reader's language: her choice, else her browser's, else the site's first."""
    choices = offered()
    if not has_request_context():
        return choices[0]
    chosen = request.cookies.get(COOKIE)
    if chosen in choices:
        return chosen
    return request.accept_languages.best_match(choices) or choices[0]


def language() -> str:
    """Return the code of the language now in use."""
    locale = flask_babel.get_locale()
    return str(locale.language) if locale else offered()[0]


def reading_order() -> tuple[str, ...]:
    """Return the languages to try for a text: the reader's, the city's in order."""
    first = language()
    return (first, *(code for code in offered() if code != first))


def direction() -> str:
    """Return `rtl` or `ltr` for the language now in use."""
    return _direction(language())


@cache
def _direction(code: str) -> str:
    return Locale.parse(code).text_direction


def gettext(message: str, **values: object) -> str:
    """Return a message in the reader's language, with the values in its places."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return a message in the form that goes with a number, which stands at `%(num)d`."""
    return str(flask_babel.ngettext(singular, plural, num, **values))
