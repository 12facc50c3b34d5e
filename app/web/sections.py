"""What modules contribute to the city's own pages: parts of the home page, and what is going on in them."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from app.core.context import current_city
from app.registry import module_of

Draw = Callable[[], Markup | str | None]
Tell = Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class Section:
    """One module's part of the home page."""

    module: str
    order: int
    draw: Draw


_sections: dict[tuple[str, str], Section] = {}
_live: dict[str, Tell] = {}


def home_section(*, order: int) -> Callable[[Draw], Draw]:
    """Put what the function returns on the city's home page while the module is on; None puts nothing there.

    It is a `<section>` with its own h2, not a band: the page gives it its margins, and the first one
    shares its row with the reader's account.
    """

    def declare(draw: Draw) -> Draw:
        module = module_of(draw.__module__).name
        _sections[module, draw.__name__] = Section(module, order, draw)
        return draw

    return declare


def home_sections() -> list[Markup]:
    """Return the parts of the home page of the city being served, in order."""
    on = current_city().modules
    shown = sorted((s for s in _sections.values() if s.module in on), key=lambda s: s.order)
    return [Markup(part) for part in (section.draw() for section in shown) if part]  # noqa: S704  rendered templates


def live_content(tell: Tell) -> Tell:
    """Say with one sentence what residents are using in the module now; None when nothing is going on.

    The console shows it, and asks before it switches off a module that says something.
    """
    _live[module_of(tell.__module__).name] = tell
    return tell


def live_content_of(module: str) -> str | None:
    """Return what the module says is going on in the city being served; None when nothing is."""
    tell = _live.get(module)
    return tell() if tell is not None else None
