"""What the pages share that ask before something is done to a city."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.apex.operators.city import may_be_done, record_of
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.web.forms import Form
from app.web.page import render
from tenants.models import CityRecord


def allowed(city_id: str, act: str) -> CityRecord:
    """Return the city's row; raises Conflict when its state does not allow the act."""
    record = record_of(city_id)
    if act not in may_be_done(record):
        raise Conflict(_("%(city)s is in a state in which this cannot be done.", city=record.name))
    return record


def act_page(act: str, record: CityRecord, form: Form, **values: object) -> ResponseReturnValue:
    """Show the page of an act with its form."""
    status = 200 if request.form.get("preview") else form.status
    return render(f"operators/{act}.html", record=record, form=form, **values), status


def confirm(record: CityRecord, title: str, yes: str, *lines: str) -> str:
    """Ask for one button to be pressed."""
    return render_template("operators/confirm.html", record=record, title=title, yes=yes, lines=lines)


def done(city_id: str, said: str) -> ResponseReturnValue:
    """Go back to the city and say what was done."""
    flash(said, "ok")
    return redirect(url_for("operators.city", city_id=city_id), 303)
