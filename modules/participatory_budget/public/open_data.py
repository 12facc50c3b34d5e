"""Open data: the files of an edition, what their columns mean, and under which licence they are."""

import json

from flask import Response
from sqlalchemy import select

from app.sdk import NotFound, _, current_city, db, force_locale, limit, render

from ..models import Edition
from ..rules.phases import Stage
from ..services import open_data as service
from .blueprint import bp

DOWNLOADS = "120/minute"
FRESH_SECONDS = 300


@bp.get("/<slug>/open-data")
def open_data(slug: str) -> str:
    """List the files with what their columns mean."""
    edition = _public(slug)
    return render(
        "participatory_budget/public/after/open_data.html",
        edition=edition,
        tables=service.tables(edition),
        fields_of=service.fields_of,
        licence=service.LICENCE,
        licence_url=service.LICENCE_URL,
    )


@bp.get("/<slug>/open-data/schema.json")
def data_schema(slug: str) -> Response:
    """Return what the columns mean, for programs (Data Package with Table Schemas), in English."""
    with force_locale("en"):
        return _json(service.schema(_public(slug)))


@bp.get("/<slug>/open-data/<name>.<any(csv, json, geojson):form>")
def data_file(slug: str, name: str, form: str) -> Response:
    """Return one table in one form, in the city's first language where there are sentences."""
    limit("participatory_budget.open_data", DOWNLOADS)
    edition = _public(slug)
    one = service.table(edition, name)
    with force_locale(current_city().languages[0]):
        if form == "csv":
            response = Response("".join(service.as_csv(edition, one)), mimetype="text/csv")
            response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{name}.csv"'
            return _fresh(response)
        if form == "geojson":
            if not one.has_places:
                raise NotFound(_("This table has no places."))
            return _json(service.as_geojson(edition, one), "application/geo+json")
        return _json(service.as_json(edition, one))


def _public(slug: str) -> Edition:
    """Return an edition that everybody sees; who asks makes no difference."""
    edition = db.session.scalar(select(Edition).where(Edition.slug == slug, Edition.stage != Stage.DRAFT))
    if edition is None:
        raise NotFound(_("There is no such edition."))
    return edition


def _json(document: dict[str, object], mimetype: str = "application/json") -> Response:
    return _fresh(Response(json.dumps(document, ensure_ascii=False), mimetype=mimetype))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
