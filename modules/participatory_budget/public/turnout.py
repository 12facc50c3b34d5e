"""Who took part: for everybody after the close; while the vote is open only where the city wants it, in tens."""

from flask import Response, url_for
from markupsafe import Markup

from app.sdk import NotFound, _, line_chart, number, render

from ..models import Edition
from ..rules.phases import Phase
from ..services import editions, turnout
from ..services.statistics import breakdown, representativeness
from ..services.statistics.wording import GroupNames, dimension_text, verdict_text
from .blueprint import bp
from .sections import section

CLOSED = (Phase.CLOSED, Phase.COUNTING, Phase.COUNTED, Phase.RESULTS)
FRESH_SECONDS = 300


def is_shown(edition: Edition) -> bool:
    """Tell whether residents see by now who takes part."""
    if edition.imported or edition.id not in turnout.shown([edition]):
        return False
    phase = editions.phase(edition)
    return phase in CLOSED or (phase is Phase.VOTING and representativeness.is_live(edition))


@bp.get("/<slug>/turnout")
def who_took_part(slug: str) -> Response:
    """Show turnout by groups and against the census, with small numbers hidden."""
    edition = editions.by_slug(slug)
    if not is_shown(edition):
        raise NotFound(_("Who takes part is shown here after the close."))
    rounded = editions.phase(edition) is Phase.VOTING
    page = render(
        "participatory_budget/public/after/turnout.html",
        edition=edition,
        rounded=rounded,
        hours=() if rounded else breakdown.hours(edition),
        chart=None if rounded else _chart(edition),
        breakdowns=breakdown.breakdowns(edition, rounded=rounded),
        comparisons=representativeness.comparisons(edition, rounded=rounded),
        source=representativeness.source_of(edition),
        group_name=GroupNames(edition),
        dimension_text=dimension_text,
        verdict_text=verdict_text,
    )
    return Response(
        page, mimetype="text/html", headers={"Cache-Control": f"private, max-age={FRESH_SECONDS}"}
    )


@section(70)
def _on_edition(edition: Edition) -> Markup | None:
    """Lead from the page of an edition to who takes part."""
    if not is_shown(edition):
        return None
    return Markup('<h2>{}</h2><p><a href="{}">{}</a></p>').format(
        _("Who takes part"),
        url_for("participatory_budget_public.who_took_part", slug=edition.slug),
        _("See the turnout by district and age, and against the census"),
    )


def _chart(edition: Edition) -> Markup | None:
    points = [(f"{hour}:00", voters or 0) for hour, voters in breakdown.hours(edition)]
    return (
        line_chart(points, label=_("At which hour of the day people voted"), show=number)
        if any(voters for _hour, voters in points)
        else None
    )
