"""What was sent to people and did not arrive, and what was sent to one of them; never what it said."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField

from app.console.blueprint import bp
from app.core.audit import audit
from app.core.i18n import gettext as _
from app.notify import log, people
from app.web.forms import Form, at_most, given, required
from app.web.gates import requires
from app.web.page import render

PERMISSION = "console.deliveries"


class PersonForm(Form):
    """Whose log it is; sent as a form, so that the address stands in no log of addresses."""

    email = EmailField(_l("E-mail address of the person"), [required(_l("Enter the address.")), at_most(254)])


@bp.get("/deliveries")
@requires(PERMISSION)
def deliveries() -> ResponseReturnValue:
    """Show what was given up."""
    return _page(PersonForm(formdata=None))


@bp.post("/deliveries/person")
@requires(PERMISSION)
def deliveries_of_person() -> ResponseReturnValue:
    """Show what was sent to one person; the audit log has who looked."""
    form = PersonForm()
    if not form.sent():
        return _page(form)
    known = list(people.with_address(given(form.email)))
    if known:
        audit("people.deliveries_seen", subject=f"account:{known[0]}")
    entries = log.of_person(known[0])[0] if known else []
    return _page(form, entries=entries, searched=True, known=bool(known))


@bp.post("/deliveries/<uuid:delivery_id>/resend")
@requires(PERMISSION)
def resend_delivery(delivery_id: UUID) -> ResponseReturnValue:
    """Try one again."""
    log.resend(delivery_id)
    flash(_("It is being sent again."), "ok")
    return redirect(url_for(".deliveries"), 303)


@bp.post("/deliveries/<uuid:delivery_id>/drop")
@requires(PERMISSION)
def drop_delivery(delivery_id: UUID) -> ResponseReturnValue:
    """Let go of one."""
    log.drop(delivery_id)
    flash(_("It will not be sent."), "ok")
    return redirect(url_for(".deliveries"), 303)


def _page(form: PersonForm, **values: object) -> ResponseReturnValue:
    return render(
        "console/deliveries.html", form=form, dead=log.dead(), number=log.number_dead(), **values
    ), form.status
