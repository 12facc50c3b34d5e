"""The face of a city besides its colour: letters, logo, picture and the short texts of its own."""

from collections.abc import Mapping

from app.core.context import City
from app.core.i18n import reading_order
from app.core.text import Localized, Picked, pick

FONTS = {
    "figtree": 'Figtree, "Figtree Fallback", system-ui, sans-serif',
    "system": 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", sans-serif',
    "serif": '"Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Noto Serif", serif',
    "slab": 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Noto Serif", serif',
}
"""Letters that a city can choose; all but the first are on readers' devices already, so they cost nothing."""
FONT, LOGO, PICTURE = "font", "logo", "picture"
FOOTER, WELCOME = "footer", "welcome"


def font_css(city: City | None) -> str:
    """Return the rule that gives a site its letters; empty for the usual ones."""
    chosen = city.look.get(FONT, "") if city else ""
    return f":root{{--font:{FONTS[chosen]}}}\n" if chosen in FONTS and chosen != "figtree" else ""


def texts(look: Mapping[str, str], name: str) -> Localized:
    """Return a text of a city's look in all its languages."""
    begins = f"{name}_"
    return {
        key.removeprefix(begins): words for key, words in look.items() if key.startswith(begins) and words
    }


def said(city: City, name: str) -> Picked:
    """Return a text of a city's look as the reader gets it; empty when there is none."""
    return pick(texts(city.look, name), reading_order())
