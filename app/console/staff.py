"""Staff and roles: who works for the city, who is invited, who may do what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app.accounts import current_account, staffing
from app.accounts.models import Account, AccountSession, Role
from app.console.blueprint import bp
from app.console.roles import role_label, role_notes
from app.console.staff_forms import RoleForm
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.web.forms import Form, given
from app.web.gates import requires
from app.web.page import render


@bp.get("/staff/")
@requires("console.manage")
def staff() -> str:
    """List the people who work for the city."""
    people = staffing.staff()
    return render("console/staff.html", people=people, seen=_last_seen(people), role_label=role_label)


@bp.route("/staff/<uuid:person_id>/role", methods=["GET", "POST"])
@requires("console.staff")
def change_role(person_id: UUID) -> ResponseReturnValue:
    """Choose another role for a person."""
    person = _person(person_id)
    form, refused = RoleForm(role=person.role.value), False
    if form.sent():
        try:
            staffing.change_role(person.id, Role(given(form.role)))
        except Conflict as error:
            form.refuse(form.role, error)
            refused = True
        else:
            flash(
                _("%(name)s: the role is now %(role)s.", name=_name(person), role=role_label(person.role)),
                "ok",
            )
            return redirect(_after(person), 303)
    page = render("console/role.html", form=form, person=person, name=_name(person), notes=role_notes())
    return page, 409 if refused else form.status


@bp.route("/staff/<uuid:person_id>/remove", methods=["GET", "POST"])
@requires("console.staff")
def remove(person_id: UUID) -> ResponseReturnValue:
    """Ask, then make a person of the staff a resident."""
    person = _person(person_id)
    name = _name(person)
    if Form().sent():
        staffing.change_role(person.id, Role.RESIDENT)
        flash(_("%(name)s no longer works here and is a resident now.", name=name), "ok")
        return redirect(_after(person), 303)
    return render("console/remove.html", person=person, name=name)


def _person(person_id: UUID) -> Account:
    person = db.session.get(Account, person_id)
    if person is None or not person.is_staff:
        raise NotFound(_("Nobody like that works here."))
    return person


def _name(person: Account) -> str:
    return person.name or person.email


def _after(person: Account) -> str:
    """Return where to go on: whoever gave up the own role has no more business here."""
    me = current_account()
    gave_up = me is not None and me.id == person.id and person.role is not Role.ADMINISTRATOR
    return url_for("front") if gave_up else url_for("console.staff")


def _last_seen(people: Sequence[Account]) -> dict[UUID, datetime]:
    found = (
        select(AccountSession.account_id, func.max(AccountSession.seen_at))
        .where(AccountSession.account_id.in_([person.id for person in people]))
        .group_by(AccountSession.account_id)
    )
    return {row[0]: row[1] for row in db.session.execute(found)}
