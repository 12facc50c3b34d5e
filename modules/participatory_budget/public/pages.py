"""Editions and their projects: what there is to decide, for whom, and until when."""

from flask import url_for

from app.sdk import (
    home_section,
    is_followed,
    live_content,
    ngettext,
    number,
    project_art,
    render,
)

from ..models import Edition, Project
from ..rules.phases import Phase
from ..rules.ways import Way
from ..services import (
    access,
    casting,
    drafts,
    editions,
    eligibility,
    fates,
    followers,
    frozen,
    maps,
    overview,
    projects,
    receipts,
)
from ..services.contest_paper import Line
from ..services.drafting.candidates import ideas_of
from ..services.explaining import vote_sentences
from ..services.paper import Paper
from ..services.realisation import boards
from ..services.wording import Names
from .ballot_frame import frame
from .blueprint import bp
from .filters import Filters, found
from .sections import sections
from .timeline import drawn
from .voters import voting_now


@bp.get("/")
def index() -> str:
    """List the editions: what is open, what comes, what was decided."""
    return render("participatory_budget/public/index.html", listed=overview.listed())


@bp.get("/<slug>/")
def edition(slug: str) -> str:
    """Show what an edition is about, how it goes and where it stands."""
    shown = editions.by_slug(slug)
    in_district = projects.by_district(shown)
    return render(
        "participatory_budget/public/edition.html",
        edition=shown,
        district_map=maps.districts_drawn(
            shown, {key: url_for(".project_list", slug=slug, district=key) for key in in_district if key}
        ),
        facts=overview.facts([shown])[0],
        sentences=vote_sentences(shown),
        voters=eligibility.who_can_vote(shown),
        needs_account=access.access_of(shown).ways == (Way.ACCOUNT,),
        in_category=projects.shares(shown),
        in_district=in_district,
        has_voted=_has_voted(shown),
        subject=followers.subject(shown),
        followed=is_followed(followers.subject(shown)),
        has_receipts=receipts.has_receipts(shown),
        sections=sections(shown),
        timeline=drawn(shown),
        rules_version=frozen.latest_number(shown),
    )


@bp.get("/<slug>/projects")
def project_list(slug: str) -> str:
    """List the projects of an edition, filtered as asked."""
    shown, filters = editions.by_slug(slug), Filters.asked()
    return render(
        "participatory_budget/public/projects.html",
        edition=shown,
        phase=editions.phase(shown),
        filters=filters,
        lines=[Line(project) for project in found(shown, filters)],
        art=project_art,
        names=Names(shown),
    )


@bp.get("/<slug>/projects/<int:number>")
def project(slug: str, number: int) -> str:
    """Show one project, with the button that puts it on the voter's list while the vote is open."""
    shown = editions.by_slug(slug)
    found_project = projects.project(shown, number)
    phase = editions.phase(shown)
    more = _on_ballot(shown, found_project) if phase is Phase.VOTING else {}
    return render(
        "participatory_budget/public/project.html",
        **{
            "edition": shown,
            "phase": phase,
            "fate": fates.fate_of(shown, number) if phase is Phase.RESULTS else None,
            "has_board": phase is Phase.RESULTS and boards.has_board(found_project),
            "line": Line(found_project),
            "may_choose": False,
            "voter": None,
            "art": project_art,
            "names": Names(shown),
            "from_ideas": ideas_of([found_project]).get(found_project.id, ()),
            **more,
        },
    )


def _on_ballot(shown: Edition, project: Project) -> dict[str, object]:
    """Return what the page of a project needs while somebody can vote on it."""
    voter = voting_now(shown)
    if voter is None:
        return {}
    chosen = drafts.draft(shown, voter)
    if chosen.district is None:
        return {"voter": voter, "asks_district": True}
    paper = Paper(shown, chosen)
    contest = paper.contest_on(project.number)
    return {
        **(frame(paper, Filters(), contest) if contest else {}),
        "voter": voter,
        "paper": paper,
        "line": paper.line(project),
        "may_choose": drafts.has_draft(shown, voter) or not casting.has_voted(shown, voter),
    }


@home_section(order=10)
def on_home() -> str | None:
    """Put the vote that is going on, or the next or the last one, on the home page."""
    shown = overview.on_home()
    return render("participatory_budget/public/home.html", shown=shown) if shown else None


@live_content
def going_on() -> str | None:
    """Say which votes are open and being counted."""
    listed = overview.listed()
    running = [*listed.open, *listed.being_counted]
    if not running:
        return None
    return ngettext(
        "%(count)s vote is open or being counted.",
        "%(count)s votes are open or being counted.",
        len(running),
        count=number(len(running)),
    )


def _has_voted(shown: Edition) -> bool:
    voter = voting_now(shown)
    return voter is not None and casting.has_voted(shown, voter)
