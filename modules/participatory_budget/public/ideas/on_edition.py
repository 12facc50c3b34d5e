"""What the page of an edition says of its ideas."""

from app.sdk import render

from ...models import Edition
from ...rules.schedule import Part
from ...services.ideas import finding
from ...services.ideas.rules_of import has_ideas, is_on, is_over, shows_ideas, shows_supports, span
from ..sections import section
from .asked import cards

SHOWN = 3


@section(20)
def ideas_of(edition: Edition) -> str | None:
    """Show that ideas are taken or supported, and some of them."""
    if not has_ideas(edition):
        return None
    shows = shows_ideas(edition)
    return render(
        "participatory_budget/public/ideas/_on_edition.html",
        edition=edition,
        number=finding.number_shown(edition) if shows else 0,
        cards=cards(edition, finding.newest(edition, SHOWN)) if shows else [],
        takes_ideas=is_on(edition, Part.IDEAS),
        takes_supports=is_on(edition, Part.SUPPORT),
        over=is_over(edition, Part.IDEAS),
        ideas_span=span(edition, Part.IDEAS),
        support_span=span(edition, Part.SUPPORT),
        with_numbers=shows_supports(edition),
    )
