"""Sign-ups: those that wait for an operator first, then what else is on its way in."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, select
from wtforms import TextAreaField

from app.apex import approval
from app.apex.operators.blueprint import bp
from app.apex.operators.words import signup_label
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.i18n import LANGUAGES
from app.core.i18n import gettext as _
from app.web.forms import Form, given, required
from app.web.page import render
from app.web.paging import asked_page, paged
from tenants import addresses
from tenants.models import Signup, SignupState

PER_PAGE = 50


class RefuseForm(Form):
    """Why a city cannot have a site here."""

    reason = TextAreaField(
        _l("Why?"),
        [required()],
        description=_l("The applicant gets these words by mail and on the sign-up's page."),
    )


@bp.get("/sign-ups")
def signups() -> str:
    """List the sign-ups, those that wait for an answer first."""
    waiting_first = case((Signup.state == SignupState.WAITING, 0), else_=1)
    found = select(Signup).order_by(waiting_first, Signup.id.desc())
    return render(
        "operators/signups.html",
        page=paged(found, number=asked_page(), per_page=PER_PAGE),
        signup_label=signup_label,
        host_of=addresses.host_of,
        languages_by_code=LANGUAGES,
        approval_wanted=approval.is_wanted(),
    )


@bp.post("/sign-ups/<uuid:signup_id>/approve")
def approve(signup_id: UUID) -> ResponseReturnValue:
    """Have the city made."""
    signup = approval.approve(signup_id)
    flash(_("%(city)s is being made.", city=signup.city_name), "ok")
    return redirect(url_for(".signups"), 303)


@bp.route("/sign-ups/<uuid:signup_id>/refuse", methods=["GET", "POST"])
def refuse(signup_id: UUID) -> ResponseReturnValue:
    """Ask why, then say no."""
    form = RefuseForm()
    if form.sent():
        try:
            signup = approval.refuse(signup_id, given(form.reason))
        except Invalid as error:
            form.refuse(form.reason, error)
        else:
            flash(_("The applicant for %(city)s gets your answer by mail.", city=signup.city_name), "ok")
            return redirect(url_for(".signups"), 303)
    found = db.session.get(Signup, signup_id)
    if found is None:
        raise NotFound(_("There is no such sign-up."))
    return render("operators/refuse.html", form=form, signup=found), form.status
