"""Small addresses that every site has: health, look, preferences, uploaded files."""

from hashlib import sha256
from io import BytesIO

from flask import Blueprint, Response, abort, current_app, redirect, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from app.core import redis
from app.core.context import city_or_none
from app.core.db import db
from app.core.i18n import COOKIE, offered
from app.services.files import open_image
from app.web.look.face import font_css
from app.web.look.favicon import favicon_svg
from app.web.look.palette import theme_css
from app.web.look.skyline import skyline_svg
from app.web.page import THEME_COOKIE, THEMES
from app.web.rest.paths import is_for_programs
from app.web.security import is_local
from tenants import resolve

bp = Blueprint("site", __name__)
PLATFORM_BRAND = "#3d2bb8"
YEAR = 365 * 24 * 3600


@bp.before_app_request
def choose_language() -> ResponseReturnValue | None:
    """Remember the language asked for with `?lang=` and come back without it."""
    wanted = request.args.get("lang")
    if request.method != "GET" or wanted is None or _takes_no_choice(request.path):
        return None
    kept = "&".join(part for part in request.query_string.decode().split("&") if not part.startswith("lang="))
    response = redirect(f"{request.path}?{kept}" if kept else request.path)
    if wanted in offered():
        _remember(response, COOKIE, wanted)
    return response


def _takes_no_choice(path: str) -> bool:
    """Tell whether what lies there is the same in each language, or asked for by programs, which keep no cookie."""
    return path.startswith("/static/") or is_for_programs(path)


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    """Answer 200 when the database and Redis answer."""
    with db.engines["platform"].connect() as connection:
        connection.execute(text("SELECT 1"))
    redis.client().ping()
    return Response("ok\n", mimetype="text/plain")


@bp.get("/internal/tls-ask")
def tls_ask() -> ResponseReturnValue:
    """Tell the proxy whether to fetch a certificate for `domain`; answered on the internal address only."""
    if resolve.clean_host(request.host) not in current_app.config["INTERNAL_HOSTS"]:
        abort(404)
    domain = resolve.clean_host(request.args.get("domain", ""))
    if resolve.is_apex(domain) or resolve.city_for_host(domain) is not None:
        return Response("known\n", mimetype="text/plain")
    abort(404)


@bp.get("/theme.css")
def theme_sheet() -> ResponseReturnValue:
    """Return the colours of the site, made from its one brand colour."""
    city = city_or_none()
    return _cached(theme_css(city.brand if city else PLATFORM_BRAND) + font_css(city), "text/css")


@bp.get("/favicon.svg")
def favicon() -> ResponseReturnValue:
    """Return the site's initial on its colour."""
    city = city_or_none()
    name, brand = (city.name, city.brand) if city else ("Parvis", PLATFORM_BRAND)
    return _cached(favicon_svg(name[:1].upper(), brand), "image/svg+xml")


@bp.get("/favicon.ico")
def old_favicon() -> ResponseReturnValue:
    """Send browsers that ask for the old name to the new one."""
    return redirect("/favicon.svg", 301)


@bp.get("/skyline.svg")
def skyline() -> ResponseReturnValue:
    """Return the generated picture behind the city's greeting."""
    city = city_or_none()
    if city is None:
        abort(404)
    landmark = city.hero.partition(":")[2] or None
    return _cached(str(skyline_svg(city.slug, city.brand, landmark)), "image/svg+xml")


@bp.get("/files/<name>")
def uploaded(name: str) -> ResponseReturnValue:
    """Return an uploaded picture of this city."""
    if city_or_none() is None:
        abort(404)
    with open_image(name) as stream:
        # Small, as we encoded it.
        content = stream.read()
    tag = sha256(content).hexdigest()[:20]
    response = send_file(BytesIO(content), "image/webp", max_age=YEAR, etag=tag, conditional=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Keep search engines out of cities that are not public yet, and out of every console."""
    city = city_or_none()
    hidden = city is not None and not city.published
    return Response(f"User-agent: *\nDisallow: {'/' if hidden else '/admin/'}\n", mimetype="text/plain")


@bp.post("/prefs")
def preferences() -> ResponseReturnValue:
    """Remember the reader's choice of colours and come back."""
    back = request.form.get("next", "/")
    response = redirect(back if is_local(back) else "/", 303)
    chosen = request.form.get("theme", "")
    if chosen in THEMES:
        _remember(response, THEME_COOKIE, chosen)
    return response


def _remember(response: BaseResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=True, httponly=True, samesite="Lax", path="/")


def _cached(body: str, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.add_etag()
    response.make_conditional(request)
    return response
