"""Showing the city to residents, and hiding it again."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.console import city, readiness
from app.console.blueprint import bp
from app.core.context import current_city
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.web.forms import Form
from app.web.gates import requires
from app.web.page import render


@bp.route("/publish", methods=["GET", "POST"])
@requires("console.manage")
def publish() -> ResponseReturnValue:
    """Ask, then let residents in."""
    missing = readiness.missing()
    if current_city().published:
        raise Conflict(_("Residents can see this site already."))
    if Form().sent():
        if missing:
            raise Conflict(" ".join(missing))
        _set(published=True)
        flash(_("%(city)s is public. Residents can see it now.", city=current_city().name), "ok")
        return redirect(url_for(".today"), 303)
    return render("console/publish.html", missing=missing)


@bp.route("/unpublish", methods=["GET", "POST"])
@requires("console.manage")
def unpublish() -> ResponseReturnValue:
    """Ask, then keep residents out."""
    if not current_city().published:
        raise Conflict(_("Residents cannot see this site now."))
    if Form().sent():
        _set(published=False)
        flash(_("Only staff who are signed in can see the site now."), "ok")
        return redirect(url_for(".settings"), 303)
    return render("console/unpublish.html")


def _set(*, published: bool) -> None:
    row = city.record()
    if row.published == published:
        raise Conflict(_("Somebody else has just done this."))
    city.note(
        "city.published" if published else "city.unpublished",
        {"published": row.published},
        {"published": published},
    )
    row.published = published
