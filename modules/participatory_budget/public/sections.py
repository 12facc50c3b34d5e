"""What stands on the public page of an edition beside the vote; every part of the cycle adds its own.

    @section(20)
    def _ideas(edition: Edition) -> str | None:
        if not …:
            return None
        return render("participatory_budget/public/ideas/_on_edition.html", …)

A part begins with an `h2`; what an edition does not have returns None.
"""

from collections.abc import Callable

from markupsafe import Markup

from ..models import Edition

Maker = Callable[[Edition], str | None]
_makers: list[tuple[int, Maker]] = []


def section(order: int) -> Callable[[Maker], Maker]:
    """Have a part on the public page of every edition for which it is made; lower orders stand higher."""

    def add(make: Maker) -> Maker:
        _makers.append((order, make))
        return make

    return add


def sections(edition: Edition) -> list[Markup]:
    """Return the parts of an edition's page in their order."""
    ordered = sorted(_makers, key=lambda one: one[0])
    drawn = (make(edition) for _order, make in ordered)
    return [Markup(one) for one in drawn if one is not None]  # noqa: S704  templates have escaped what is in it
