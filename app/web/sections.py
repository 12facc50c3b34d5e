"""What modules contribute to a city's home page."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from app.core.context import current_city
from app.registry import module_of

Draw = Callable[[], Markup | str | None]


@dataclass(frozen=True, slots=True)
class Section:
    """One module's part of the home page."""

    module: str
    order: int
    draw: Draw


_sections: dict[tuple[str, str], Section] = {}


def home_section(*, order: int) -> Callable[[Draw], Draw]:
    """Put what the function returns on the city's home page while the module is on; None puts nothing there."""

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
