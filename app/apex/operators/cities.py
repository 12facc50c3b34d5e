"""The overview: every city of the deployment, found, filtered and sorted."""

from flask import request, url_for

from app.accounts.operators import visits
from app.apex.operators import figures
from app.apex.operators.blueprint import bp, me
from app.apex.operators.figures import BEHIND, ERRORS, FAILED_MIGRATION, Wanted
from app.apex.operators.words import state_label
from app.core.context import CityState
from app.core.i18n import gettext as _
from app.web.page import render
from app.web.paging import asked_page


@bp.get("/")
def cities() -> str:
    """Show the sums, and one page of the cities asked for."""
    asked = request.args
    wanted = Wanted(
        words=asked.get("q", "")[: figures.LONGEST_SEARCH],
        state=asked.get("state", ""),
        trouble=asked.get("trouble", ""),
        order=asked.get("order", "name"),
    )
    running = visits.running(me().operator_id)
    return render(
        "operators/cities.html",
        page=figures.cities(wanted, asked_page()),
        sums=figures.sums(),
        wanted=wanted,
        states=[("", _("All")), *((state.value, state_label(state)) for state in CityState)],
        troubles=[
            ("", _("All")),
            (BEHIND, _("Other revision than this version")),
            (FAILED_MIGRATION, _("Last migration failed")),
            (ERRORS, _("Errors today")),
        ],
        orders=[
            ("name", _("Name")),
            ("newest", _("Newest first")),
            ("size", _("Largest first")),
            ("requests", _("Most requests today")),
            ("errors", _("Most errors today")),
        ],
        visits=running,
        visited=figures.names_of([visit.city_id for visit in running]),
        is_filtered=bool(wanted.words or wanted.state or wanted.trouble),
        everything=url_for(".cities"),
    )
