"""Branding: one colour, a greeting in each language, a picture; seen before it is saved."""

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.console import brand_change
from app.console.blueprint import bp
from app.console.brand_form import BrandForm
from app.console.brand_preview import Preview, preview_sheet
from app.core.context import current_city
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.web.forms import Form
from app.web.gates import requires
from app.web.look.face import FONTS
from app.web.look.palette import parse_colour
from app.web.look.skyline import skyline_svg
from app.web.page import render

DAY = 86400


@bp.route("/branding", methods=["GET", "POST"])
@requires("console.manage")
def branding() -> ResponseReturnValue:
    """Show and change how the city looks."""
    form = BrandForm.of_city()
    if form.sent():
        brand_change.keep(form.look())
        flash(_("The new look is saved. Residents see it with the next page they open."), "ok")
        return redirect(url_for(".branding"), 303)
    return _page(form), form.status


@bp.post("/branding/preview")
@requires("console.manage")
def branding_preview() -> ResponseReturnValue:
    """Show how what was typed would look; keeps nothing."""
    form = BrandForm.of_city()
    form.sent()
    return _page(form, unsaved=True), form.status


@bp.post("/branding/undo")
@requires("console.manage")
def branding_undo() -> ResponseReturnValue:
    """Bring back the look from before the last change."""
    if not Form().sent() or not brand_change.undo():
        raise Conflict(_("There is nothing to undo."))
    flash(_("The look from before is back."), "ok")
    return redirect(url_for(".branding"), 303)


@bp.get("/branding/<colour>.css")
@requires("console.manage")
def branding_sheet(colour: str) -> Response:
    """Return the colours of a preview."""
    font = request.args.get("font", "figtree")
    return _kept(preview_sheet(_known(colour), font if font in FONTS else "figtree"), "text/css")


@bp.get("/branding/<colour>.svg")
@requires("console.manage")
def branding_skyline(colour: str) -> Response:
    """Return the picture of a preview."""
    landmark = current_city().hero.partition(":")[2] or None
    return _kept(str(skyline_svg(current_city().slug, _known(colour), landmark)), "image/svg+xml")


def _page(form: BrandForm, *, unsaved: bool = False) -> str:
    return render(
        "console/branding.html",
        form=form,
        preview=Preview.of(form),
        unsaved=unsaved,
        last=None if request.method == "POST" else brand_change.last(),
    )


def _known(colour: str) -> str:
    try:
        return parse_colour(colour)
    except ValueError:
        abort(404)


def _kept(body: str, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = f"private, max-age={DAY}"
    return response
