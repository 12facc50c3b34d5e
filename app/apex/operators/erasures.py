"""Erased cities and their certificates."""

import json

from flask import Response
from sqlalchemy import select

from app.apex.operators.blueprint import bp
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.web.page import render
from app.web.paging import asked_page, paged
from tenants.erasure import certificate as certificates
from tenants.models import Erasure

PER_PAGE = 50


@bp.get("/erasures")
def erasures() -> str:
    """List the cities that were erased here."""
    found = select(Erasure).order_by(Erasure.began_at.desc(), Erasure.city_id)
    return render("operators/erasures.html", page=paged(found, number=asked_page(), per_page=PER_PAGE))


@bp.get("/erasures/<city_id>")
def certificate(city_id: str) -> str:
    """Show the certificate of an erased city."""
    found = _complete(city_id)
    return render(
        "operators/certificate.html",
        erasure=found,
        text=certificates.as_text(found.certificate),
        genuine=certificates.is_genuine(found.certificate),
    )


@bp.get("/erasures/<city_id>.json")
def certificate_file(city_id: str) -> Response:
    """Send the certificate as it was signed."""
    text = json.dumps(_complete(city_id).certificate, ensure_ascii=False, indent=2, sort_keys=True)
    name = f"erasure-{city_id}.json"
    return Response(
        text + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _complete(city_id: str) -> Erasure:
    found = db.session.get(Erasure, city_id)
    if found is None or found.erased_at is None:
        raise NotFound(_("No city with this number was erased here."))
    return found
