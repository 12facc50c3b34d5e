"""Visits: asked for here with a reason and a time limit, entered by a way that works once, left in the city."""

from uuid import UUID

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice

from app.accounts import sessions
from app.accounts.current import current_visit
from app.accounts.operators import visits
from app.apex.operators.blueprint import bp, me
from app.apex.operators.city import live, record_of, url_of
from app.apex.operators.forms import SureForm
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.web.forms import given, required
from app.web.gates import city_blueprint
from app.web.page import render

city_side = city_blueprint("visits", __name__)


class VisitForm(SureForm):
    """Why and how long."""

    reason = TextAreaField(
        _l("Why do you visit the city?"),
        [required(_l("Say why you visit the city."))],
        description=_l(
            "The city's administrators read this: what was asked of you, by whom, what you will look at."
        ),
    )
    minutes = RadioField(
        _l("For how long?"),
        coerce=int,
        default=visits.MINUTES[0],
        choices=[SelectChoice(number, _l("%(number)s minutes", number=number)) for number in visits.MINUTES],
    )


@bp.route("/cities/<city_id>/visit", methods=["GET", "POST"])
def visit(city_id: str) -> ResponseReturnValue:
    """Ask for a reason, a time limit and a fresh code; then write the visit down and lead there."""
    form = VisitForm()
    if form.sure():
        try:
            ident = visits.begin(
                me().operator,
                live(record_of(city_id)),
                reason=given(form.reason),
                minutes=given(form.minutes),
            )
        except (Conflict, Invalid) as error:
            form.refuse(form.reason, error)
        else:
            # A redirect that leaves this host is not followed after a form: a page in between leads there.
            return redirect(url_for(".visit_ready", visit_id=ident, go=1), 303)
    return render("operators/visit.html", form=form, record=record_of(city_id)), form.status


@bp.get("/visits/<uuid:visit_id>")
def visit_ready(visit_id: UUID) -> str:
    """Lead into the city whose visit has been written down."""
    found = next((v for v in visits.running(me().operator_id) if v.id == visit_id), None)
    if found is None:
        raise NotFound(_("This visit is over."))
    return render(
        "operators/visit_ready.html",
        visit=found,
        name=record_of(found.city_id).name,
        way_in=url_for(".enter", visit_id=visit_id),
        refresh="go" in request.args,
    )


@bp.get("/visits/<uuid:visit_id>/enter")
def enter(visit_id: UUID) -> ResponseReturnValue:
    """Hand the browser over to the city; whoever holds an older way in is shut out."""
    city_id, secret = visits.handover(visit_id, me().operator_id)
    return redirect(url_of(record_of(city_id), f"/visit/{secret}"), 303)


@city_side.after_request
def keep_private(response: Response) -> Response:
    """Keep the ways in out of caches and away from other sites."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@city_side.get("/visit/<secret>")
def arrive(secret: str) -> ResponseReturnValue:
    """Let an operator in, once, and go to the back office."""
    sessions.begin_visit(secret)
    return redirect("/admin/", 303)


@city_side.post("/visit/leave")
def leave() -> ResponseReturnValue:
    """End the visit and shut the door."""
    if current_visit() is not None:
        sessions.end()
    return redirect(url_for(".left"), 303)


@city_side.get("/visit/left")
def left() -> str:
    """Say that the visit is over."""
    config = current_app.config["PARVIS"]
    return render(
        "operators/visit_left.html", console_url=config.url(config.base_domain, url_for("operators.cities"))
    )
