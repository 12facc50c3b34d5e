"""What the examination adds to the page of an idea."""

from markupsafe import Markup

from app.sdk import render

from ..models import Edition, Idea
from ..services.feasibility import standing
from ..services.feasibility.boards import verdict_names


def on_idea(edition: Edition, idea: Idea, *, owns: bool) -> Markup:
    """Return the part of an idea's page that says what the town hall found and what can be done about it."""
    return Markup(  # noqa: S704 (rendered by a template that escapes)
        render(
            "participatory_budget/public/review/_on_idea.html",
            edition=edition,
            idea=idea,
            standing=standing.of(edition, idea),
            verdict_names=verdict_names(),
            owns=owns,
        )
    )
