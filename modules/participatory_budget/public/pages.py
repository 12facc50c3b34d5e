"""Editions and their projects: what there is to decide, for whom, and until when."""

from flask import url_for

from app.sdk import (
    current_account,
    home_section,
    is_followed,
    live_content,
    ngettext,
    number,
    project_art,
    render,
)

from ..models import Edition
from ..rules.phases import Phase
from ..services import casting, editions, eligibility, followers, maps, overview, projects, receipts
from ..services.explaining import vote_sentences
from ..services.paper import Line, Paper
from ..services.wording import Names
from .blueprint import bp
from .filters import Filters, found


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
        in_category=projects.shares(shown),
        in_district=in_district,
        has_voted=_has_voted(shown),
        subject=followers.subject(shown),
        followed=is_followed(followers.subject(shown)),
        has_receipts=receipts.has_receipts(shown),
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
    line, started = Line(found_project), False
    account = current_account()
    if account is not None and editions.phase(shown) is Phase.VOTING:
        started = casting.has_draft(shown, account) or not casting.has_voted(shown, account)
        line = Paper(shown, casting.draft(shown, account)).line(found_project)
    return render(
        "participatory_budget/public/project.html",
        edition=shown,
        phase=editions.phase(shown),
        line=line,
        may_choose=started,
        art=project_art,
        names=Names(shown),
    )


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
    account = current_account()
    return account is not None and casting.has_voted(shown, account)
