"""Inviting people to the staff: write, check, send; send again or take back."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import current_account, staffing
from app.accounts.models import Account, Purpose
from app.accounts.services import mail_link
from app.accounts.staffing import Given
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.console.roles import role_notes, shown_alone
from app.console.staff import name_of
from app.console.staff_forms import InviteForm
from app.core.audit import audit
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.web.gates import requires
from app.web.limits import limit
from app.web.page import render

MOST = "60/hour"


@bp.route("/staff/invite", methods=["GET", "POST"])
@requires("console.staff")
@fresh
def invite() -> ResponseReturnValue:
    """Take addresses and a role, show them again, then send the invitations."""
    form = InviteForm()
    if form.sent() and not request.form.get("change"):
        role = form.given()
        if request.form.get("confirmed") != "1":
            shown = shown_alone(role)
            return render("console/invite_check.html", form=form, addresses=form.addresses, role=shown)
        try:
            return _send(form.addresses, role)
        except (Conflict, Invalid) as error:
            db.session.rollback()
            form.refuse(form.role, error)
    return render("console/invite.html", form=form, notes=role_notes()), form.status


@bp.post("/staff/<uuid:person_id>/invite")
@requires("console.staff")
@fresh
def invite_again(person_id: UUID) -> ResponseReturnValue:
    """Send a fresh link to somebody who has not come in yet."""
    person = db.session.get(Account, person_id)
    if person is None or not person.is_staff or person.confirmed_at:
        raise NotFound(_("Nobody like that is invited."))
    _count()
    mail_link(person, Purpose.INVITE)
    audit("accounts.invited_again", subject=f"account:{person.id}")
    flash(ngettext("%(num)s invitation is sent.", "%(num)s invitations are sent.", 1), "ok")
    return redirect(url_for(".staff"), 303)


@bp.post("/staff/<uuid:person_id>/withdraw")
@requires("console.staff")
def withdraw_invitation(person_id: UUID) -> ResponseReturnValue:
    """End the invitation of somebody who has not come in yet."""
    person = staffing.withdraw_invitation(person_id)
    flash(
        _("The invitation of %(name)s is taken back; its link no longer works.", name=name_of(person)), "ok"
    )
    return redirect(url_for(".staff"), 303)


def _send(addresses: Sequence[str], role: Given) -> ResponseReturnValue:
    for address in addresses:
        _count()
        staffing.invite(address, role)
    flash(ngettext("%(num)s invitation is sent.", "%(num)s invitations are sent.", len(addresses)), "ok")
    return redirect(url_for(".staff"), 303)


def _count() -> None:
    me = current_account()
    limit("invite", MOST, str(me.id) if me else "")
