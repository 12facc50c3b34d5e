"""What became of the projects that won: the list, a page for each, and a feed of the news."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sdk import NotFound, _, current_city, force_locale, is_followed, language, offered, render

from ..models import Edition
from ..rules.phases import Stage
from ..rules.realisation.progress import State
from ..services import editions, maps
from ..services.realisation import boards, listing, news
from ..services.realisation.listing import Wanted
from ..services.wording import Names
from .blueprint import bp
from .sections import section

FEED_TYPE = "application/atom+xml"
FEED_NEWS = 30
ON_EDITION = 3


def published(slug: str) -> Edition:
    """Return an edition whose result is published; raises NotFound for others."""
    edition = editions.by_slug(slug)
    if edition.stage is not Stage.RESULTS:
        raise NotFound(_("What becomes of the projects is shown here as soon as the result is published."))
    return edition


@bp.get("/<slug>/realisation")
def realisation(slug: str) -> str:
    """List all funded projects: how far each is, what it has cost, what is late."""
    edition, wanted = published(slug), asked()
    every = listing.lines(edition)
    places = {
        key: url_for(".realisation", slug=slug, district=key)
        for key in {line.board.project.district for line in every}
        if key
    }
    return render(
        "participatory_budget/public/after/realisation.html",
        edition=edition,
        lines=listing.narrowed(every, wanted),
        sums=listing.sums(every),
        wanted=wanted,
        states=State,
        district_map=maps.districts_drawn(edition, places),
        names=Names(edition),
    )


@bp.get("/<slug>/realisation/<int:number>")
def realised(slug: str, number: int) -> str:
    """Show what became of one project: steps, money, news."""
    edition = published(slug)
    one = boards.board(edition, number)
    subject = news.subject(one.project)
    return render(
        "participatory_budget/public/after/project.html",
        edition=edition,
        project=one.project,
        line=listing.line_of(edition, one),
        news=news.of_project(one),
        ideas=boards.public_ideas(one),
        subject=subject,
        followed=is_followed(subject),
        names=Names(edition),
    )


@bp.get("/<slug>/realisation/news.atom")
@bp.get("/<slug>/realisation/news.<code>.atom")
def news_feed(slug: str, code: str | None = None) -> ResponseReturnValue:
    """Return the newest news of all projects as an Atom feed (RFC 4287), in one language of the city."""
    edition = published(slug)
    chosen = code or offered()[0]
    if chosen not in offered():
        raise NotFound(_("There is no news in this language."))
    with force_locale(chosen):
        found = news.of_edition(edition, FEED_NEWS)
        page = render(
            "participatory_budget/public/after/feed.xml",
            edition=edition,
            news=found,
            ident=f"tag:{current_city().host},2026:participatory-budget/{edition.id}/news/{language()}",
            updated=max((one.published_at for one, _project in found), default=edition.published_at),
        )
    response = Response(page, mimetype=FEED_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@section(80)
def _on_edition(edition: Edition) -> Markup | None:
    """Put what became of the projects on the page of an edition with a published result."""
    if edition.stage is not Stage.RESULTS:
        return None
    found = listing.lines(edition)
    if not found:
        return None
    return Markup(  # noqa: S704  rendered by a template
        render(
            "participatory_budget/public/after/_on_edition.html",
            edition=edition,
            sums=listing.sums(found),
            news=news.of_edition(edition, ON_EDITION),
        )
    )


def asked() -> Wanted:
    """Return what the address narrows the list down to."""
    values = {
        name: request.args.get(name, "").strip()[:120]
        for name in ("state", "category", "district", "department")
    }
    return Wanted(
        **values, words=request.args.get("q", "").strip()[:120], late=request.args.get("late") == "1"
    )
