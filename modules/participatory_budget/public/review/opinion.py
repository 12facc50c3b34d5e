"""The public page of what the town hall says to an idea."""

from app.sdk import NotFound, _, render

from ...forms.feasibility import answer_names
from ...services.feasibility import standing
from ...services.feasibility.boards import verdict_names
from ...services.ideas.seeing import by_number
from ..blueprint import bp
from ..ideas.pages import edition_with_ideas


@bp.get("/<slug>/ideas/<int:number>/opinion")
def opinion(slug: str, number: int) -> str:
    """Show the opinion with what departments said and how the cost came about."""
    edition = edition_with_ideas(slug)
    idea = by_number(edition, number)
    found = standing.of(edition, idea)
    if found.verdict is None:
        raise NotFound(_("The city has not said anything to this idea yet."))
    return render(
        "participatory_budget/public/review/opinion.html",
        edition=edition,
        idea=idea,
        standing=found,
        said=standing.said(edition, idea),
        estimates=standing.told_estimates(idea),
        verdict_names=verdict_names(),
        answer_names=answer_names(),
    )
