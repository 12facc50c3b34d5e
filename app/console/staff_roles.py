"""Changing what one person may do: another role, one more, one less."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import staffing
from app.accounts.models import Role
from app.accounts.roles import grants_of
from app.accounts.staffing import Given, given_to
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.console.roles import role_notes, roles_of, shown_alone
from app.console.staff import after, name_of, on_staff
from app.console.staff_forms import RoleForm
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.web.gates import requires
from app.web.page import render

VIEWER = Given(Role.VIEWER)


@bp.route("/staff/<uuid:person_id>/role", methods=["GET", "POST"])
@requires("console.staff")
@fresh
def change_role(person_id: UUID) -> ResponseReturnValue:
    """Choose one role in place of all that a person has."""
    held = given_to(on_staff(person_id))
    return _choose(person_id, RoleForm.of(held[0] if held else VIEWER), keep=[])


@bp.route("/staff/<uuid:person_id>/roles/add", methods=["GET", "POST"])
@requires("console.staff")
@fresh
def add_role(person_id: UUID) -> ResponseReturnValue:
    """Give a person one more role."""
    return _choose(person_id, RoleForm.of(VIEWER), keep=given_to(on_staff(person_id)))


@bp.post("/staff/<uuid:person_id>/roles/<grant>/end")
@requires("console.staff")
@fresh
def end_role(person_id: UUID, grant: str) -> ResponseReturnValue:
    """Take one of several roles from a person; `grant` is `main` for the one that holds everywhere."""
    account = on_staff(person_id)
    rows = grants_of([account.id]).get(account.id, [])
    if grant == "main":
        kept = [staffing.as_given(row) for row in rows]
    else:
        if grant not in {str(row.id) for row in rows}:
            raise NotFound(_("This role was taken away already."))
        plain = [] if account.role is Role.RESIDENT else [Given(account.role)]
        kept = plain + [staffing.as_given(row) for row in rows if str(row.id) != grant]
    if not kept:
        return redirect(url_for(".remove", person_id=account.id), 303)
    staffing.set_roles(account.id, kept)
    flash(_("%(name)s has one role less.", name=name_of(account)), "ok")
    return redirect(url_for(".person", person_id=account.id), 303)


def _choose(person_id: UUID, form: RoleForm, *, keep: list[Given]) -> ResponseReturnValue:
    account, refused = on_staff(person_id), False
    if form.sent():
        try:
            chosen = form.given()
            staffing.set_roles(account.id, [*keep, chosen])
        except Conflict as error:
            form.refuse(form.role, error)
            refused = True
        except Invalid as error:
            form.refuse(form.role, error)
        else:
            _say(name_of(account), str(shown_alone(chosen)), adds=bool(keep))
            return redirect(after(account), 303)
    page = render(
        "console/role.html",
        form=form,
        person=account,
        name=name_of(account),
        notes=role_notes(),
        roles=roles_of([account])[account.id],
        adds=bool(keep),
    )
    return page, 409 if refused else form.status


def _say(name: str, role: str, *, adds: bool) -> None:
    if adds:
        flash(_("%(name)s also has the role %(role)s now.", name=name, role=role), "ok")
    else:
        flash(_("%(name)s: the role is now %(role)s.", name=name, role=role), "ok")
