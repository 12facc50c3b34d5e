"""Longer texts of a city's own on pages that every city has: additions to the contact and privacy pages."""

from app.core.i18n import reading_order
from app.core.settings import store, stored
from app.core.text import Localized, Picked, pick

DOCUMENT = "platform.texts"
CONTACT, PRIVACY = "contact", "privacy"


def own_text(name: str) -> Picked:
    """Return a text as the reader gets it; empty when the city has none."""
    return pick(own_texts(name), reading_order())


def own_texts(name: str) -> Localized:
    """Return a text in all its languages."""
    return {str(code): str(words) for code, words in stored(DOCUMENT).get(name, {}).items()}


def keep_own_text(name: str, words: Localized) -> None:
    """Keep a text in place of the one before."""
    store(DOCUMENT, {**stored(DOCUMENT), name: dict(words)})
