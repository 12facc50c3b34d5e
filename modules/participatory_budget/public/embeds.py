"""Pieces for other sites: cards, results and turnout in a frame; no cookie, no script, the same for everybody."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.sdk import NotFound, _, current_city, db, force_locale, number, project_art, render

from ..models import Edition, Project
from ..rules.phases import Phase, Stage
from ..services import editions, overview, results, turnout
from ..services import projects as service
from ..services.realisation import listing
from ..services.wording import Names
from .blueprint import bp

FRESH_SECONDS = 300
MOST_CARDS = 60
KINDS = ("projects", "results", "turnout", "realisation")
POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self' data:",
        "style-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
)


@bp.get("/<slug>/embed")
def embed(slug: str) -> str:
    """Show the pieces that there are, each with the line of HTML that puts it into another page."""
    edition = editions.by_slug(slug)
    return render(
        "participatory_budget/public/after/embed.html",
        edition=edition,
        pieces=[
            (
                kind,
                url_for(
                    ".embedded", slug=slug, kind=kind, language=current_city().languages[0], _external=True
                ),
            )
            for kind in _offered(edition)
        ],
    )


@bp.get("/<slug>/embed/<any(projects, results, turnout, realisation):kind>")
def embedded(slug: str, kind: str) -> ResponseReturnValue:
    """Return one piece, in the language that its address names or else the city's first one."""
    edition = _public(slug)
    if kind not in _offered(edition):
        raise NotFound(_("There is nothing to show here yet."))
    return _piece(edition, kind)


@bp.get("/<slug>/embed/projects/<int:number>")
def embedded_project(slug: str, number: int) -> ResponseReturnValue:
    """Return the card of one project."""
    edition = _public(slug)
    return _piece(edition, "projects", [service.project(edition, number)])


def _public(slug: str) -> Edition:
    """Return an edition that everybody sees; who asks makes no difference."""
    edition = db.session.scalar(select(Edition).where(Edition.slug == slug, Edition.stage != Stage.DRAFT))
    if edition is None:
        raise NotFound(_("There is no such edition."))
    return edition


def _offered(edition: Edition) -> list[str]:
    done = edition.stage is Stage.RESULTS
    return [
        kind for kind in KINDS if kind == "projects" or (kind == "turnout" and not edition.imported) or done
    ]


def _piece(edition: Edition, kind: str, chosen: list[Project] | None = None) -> Response:
    languages = current_city().languages
    language = request.args.get("language", "")
    with force_locale(language if language in languages else languages[0]):
        page = render(
            f"participatory_budget/public/after/embed_{kind}.html",
            edition=edition,
            phase=editions.phase(edition),
            names=Names(edition),
            art=project_art,
            phases=Phase,
            **_contents(edition, kind, chosen),
        )
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.add_etag()
    response.make_conditional(request)
    return response


def _contents(edition: Edition, kind: str, chosen: list[Project] | None) -> dict[str, object]:
    match kind:
        case "projects":
            return {"projects": chosen or service.projects(edition)[:MOST_CARDS], "one": chosen is not None}
        case "results":
            return {"results": results.published(edition), "number_of": number}
        case "realisation":
            found = listing.lines(edition)
            return {"lines": found[:MOST_CARDS], "sums": listing.sums(found)}
        case _:
            return {"voters": turnout.shown([edition]).get(edition.id), "facts": overview.facts([edition])[0]}
