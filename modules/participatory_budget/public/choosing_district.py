"""The district whose projects somebody votes on: asked once, changed until the vote is confirmed."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import NotFound, _, render

from ..models import Edition
from ..rules.contests import CITYWIDE
from ..services import drafts, taking_part
from ..services.paper import Paper
from ..services.voters import Voter
from ..services.wording import Names
from .ballot_frame import private, voting, while_open
from .blueprint import bp
from .filters import WHOLE_CITY


@bp.route("/<slug>/vote/district", methods=["GET", "POST"])
@while_open
def district(slug: str) -> ResponseReturnValue:
    """Ask in which district somebody votes; whoever has no choice is led on."""
    edition, voter = voting(slug)
    if len(taking_part.may_vote_in(edition, voter)) == 1:
        return redirect(url_for(".vote", slug=slug))
    if request.method == "GET":
        return private(_page(edition, voter, ""))
    wanted = request.form.get("district", "")
    if not wanted:
        return private(_page(edition, voter, _("Choose a district."))), 422
    try:
        drafts.change_district(edition, voter, CITYWIDE if wanted == WHOLE_CITY else wanted)
    except NotFound as error:
        return private(_page(edition, voter, str(error))), 422
    return redirect(url_for(".vote", slug=slug), 303)


def _page(edition: Edition, voter: Voter, problem: str) -> str:
    chosen, names = drafts.draft(edition, voter), Names(edition)
    marked = Paper(edition, chosen).contests.get(chosen.district or "?") if chosen.district else None
    return render(
        "participatory_budget/public/district.html",
        edition=edition,
        options=[
            (key or WHOLE_CITY, names.district(key) if key else _("Only the projects for the whole city"))
            for key in taking_part.may_vote_in(edition, voter)
        ],
        value=(chosen.district or WHOLE_CITY) if chosen.district is not None else None,
        dropped=len(marked.marks) if marked else 0,
        now_in=names.district(chosen.district or ""),
        problem=problem,
    )
