"""The platform's own part of the API."""

from flask import Blueprint, abort

from app.core.context import city_or_none
from app.web.rest.paths import PREFIX
from app.web.security import csrf

bp = Blueprint("api", __name__, url_prefix=PREFIX)
csrf.exempt(bp)


@bp.before_request
def _on_a_city() -> None:
    if city_or_none() is None:
        abort(404)
