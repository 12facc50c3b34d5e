"""Inviting people to the staff: write, check, send."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import current_account, staffing
from app.accounts.models import Account, Role
from app.console.blueprint import bp
from app.console.roles import role_label, role_notes
from app.console.staff_forms import InviteForm
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.web.forms import given
from app.web.gates import requires
from app.web.limits import limit
from app.web.page import render

MOST = "60/hour"


@bp.route("/staff/invite", methods=["GET", "POST"])
@requires("console.staff")
def invite() -> ResponseReturnValue:
    """Take addresses and a role, show them again, then send the invitations."""
    form = InviteForm()
    if form.sent() and not request.form.get("change"):
        role = Role(given(form.role))
        if request.form.get("confirmed") == "1":
            return _send(form.addresses, role)
        return render("console/invite_check.html", form=form, addresses=form.addresses, role=role_label(role))
    return render("console/invite.html", form=form, notes=role_notes()), form.status


@bp.post("/staff/<uuid:person_id>/invite")
@requires("console.staff")
def invite_again(person_id: UUID) -> ResponseReturnValue:
    """Send a fresh link to somebody who has not come in yet."""
    person = db.session.get(Account, person_id)
    if person is None or not person.is_staff or person.confirmed_at:
        raise NotFound(_("Nobody like that is invited."))
    return _send([person.email], person.role)


def _send(addresses: list[str], role: Role) -> ResponseReturnValue:
    me = current_account()
    for address in addresses:
        limit("invite", MOST, str(me.id) if me else "")
        staffing.invite(address, role)
    flash(ngettext("%(num)s invitation is sent.", "%(num)s invitations are sent.", len(addresses)), "ok")
    return redirect(url_for(".staff"), 303)
