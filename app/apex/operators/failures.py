"""Errors that nobody foresaw: found by the reference that somebody read out."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.apex.operators import figures
from app.apex.operators.blueprint import bp
from app.core import references
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.web.page import render
from tenants import failures


@bp.get("/failures")
def all_failures() -> ResponseReturnValue:
    """List the errors of the last month, the newest first; a reference typed into the search leads to its own."""
    said = request.args.get("reference", "").strip()
    reference = references.read(said)
    if reference is not None and failures.find(reference) is not None:
        return redirect(url_for(".failure", reference=reference))
    found = failures.newest()
    page = render(
        "operators/failures.html",
        failures=found,
        said=said,
        is_reference=reference is not None,
        names=figures.names_of([one.city_id for one in found if one.city_id]),
    )
    return page, 422 if said else 200


@bp.get("/failures/<reference>")
def failure(reference: str) -> str:
    """Show where in the code it was, and how often it has happened."""
    found = failures.find(reference)
    if found is None:
        raise NotFound(_("There is no error with this reference; they are kept for a month."))
    names = figures.names_of([found.city_id] if found.city_id else [])
    return render("operators/failure.html", failure=found, names=names)
