"""Ideas for programs that read feeds and maps: Atom and GeoJSON."""

import json
from datetime import UTC, datetime

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.sdk import NotFound, _, current_city, render

from ...models import Edition, Idea
from ...services.ideas import authors, finding
from ...services.ideas.rules_of import shows_ideas, shows_supports
from ..blueprint import bp
from .asked import address
from .pages import edition_with_ideas

IN_FEED = 30
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@bp.get("/<slug>/ideas/feed.atom")
def ideas_feed(slug: str) -> ResponseReturnValue:
    """Return the newest ideas as an Atom feed (RFC 4287)."""
    edition = _open(slug)
    newest = finding.newest(edition, IN_FEED)
    page = render(
        "participatory_budget/public/ideas/feed.xml",
        edition=edition,
        id=f"urn:parvis:{current_city().id}:ideas:{edition.id}",
        ideas=newest,
        authors=authors.authors_of(newest),
        address=address,
        updated=max((one.changed_at for one in newest), default=NEVER),
    )
    return _fresh(Response(page, mimetype="application/atom+xml"))


@bp.get("/<slug>/ideas/places.geojson")
def ideas_geojson(slug: str) -> ResponseReturnValue:
    """Return all ideas that have a place on the map (RFC 7946)."""
    edition = _open(slug)
    with_numbers = shows_supports(edition)
    features = [_feature(edition, one, with_numbers=with_numbers) for one in finding.with_places(edition)]
    answer = Response(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False),
        mimetype="application/geo+json",
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return _fresh(answer)


def _feature(edition: Edition, idea: Idea, *, with_numbers: bool) -> dict[str, object]:
    properties: dict[str, object] = {
        "number": idea.number,
        "title": idea.title,
        "category": idea.category,
        "district": idea.district,
        "place": idea.place,
        "language": idea.language,
        "url": f"{request.host_url.rstrip('/')}{address(edition, idea)}",
    }
    if with_numbers:
        properties["supports"] = idea.supports
    point = {"type": "Point", "coordinates": [idea.longitude, idea.latitude]}
    return {"type": "Feature", "id": idea.number, "geometry": point, "properties": properties}


def _open(slug: str) -> Edition:
    edition = edition_with_ideas(slug)
    if not shows_ideas(edition):
        raise NotFound(_("The ideas of this edition are not shown."))
    return edition


def _fresh(answer: Response) -> ResponseReturnValue:
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
