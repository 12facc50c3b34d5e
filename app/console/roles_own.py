"""Roles that the city makes itself: list, make, change, delete; each says whom it touches."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.fields import SelectChoice

from app.accounts import roles_own as service
from app.accounts.models import Account, Role
from app.accounts.permissions import Permitted, owner_title, permitted
from app.accounts.roles_models import StaffRole
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.console.roles import STAFF_ROLES, role_label, role_notes
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.i18n import reading_order
from app.core.text import pick
from app.web.forms import Form
from app.web.gates import requires
from app.web.localized import LocalizedField, in_first_language
from app.web.page import render


class OwnRoleForm(Form):
    """What a role is called and what it allows."""

    name = LocalizedField(
        _l("Name"), [in_first_language(_l("Write the name (%(language)s)."))], longest=service.NAME_LENGTH
    )
    permissions = SelectMultipleField(_l("What it allows"))

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.permissions.choices = [
            SelectChoice(one.name, _(one.label)) for one in service.offered_permissions()
        ]

    def validate_permissions(self, field: SelectMultipleField) -> None:
        """Ask for one at least."""
        if not field.data:
            field.errors = [_("Tick at least one thing that the role allows.")]

    @property
    def groups(self) -> list[tuple[str, list[Permitted]]]:
        """Return the permissions to tick, by module."""
        found: dict[str, list[Permitted]] = {}
        for one in service.offered_permissions():
            found.setdefault(one.owner, []).append(one)
        return [(owner_title(owner), each) for owner, each in found.items()]


@bp.get("/staff/roles/")
@requires("console.manage")
def own_roles() -> str:
    """List the built-in roles and those that the city has made."""
    numbers = service.numbers_of_holders()
    own = [(role, _called(role), numbers.get(role.id, 0)) for role in service.own_roles()]
    built_in = [(role, role_label(role), role_notes()[role]) for role in STAFF_ROLES]
    return render("console/own_roles.html", built_in=built_in, own=own)


@bp.route("/staff/roles/new", methods=["GET", "POST"])
@requires("console.staff")
@fresh
def new_role() -> ResponseReturnValue:
    """Make a role, beginning with what a built-in one allows."""
    start = request.args.get("from", "")
    ticked = service.of_preset(Role(start)) if start in STAFF_ROLES else frozenset()
    form = OwnRoleForm(data={"permissions": sorted(ticked)})
    if form.sent():
        try:
            made = service.make_role(form.name.data, form.permissions.data)
        except Invalid as error:
            form.refuse(form.name, error)
        else:
            flash(_("The role %(name)s is made. Give it to people now.", name=_called(made)), "ok")
            return redirect(url_for(".own_roles"), 303)
    starts = [(role.value, role_label(role)) for role in STAFF_ROLES]
    return render("console/own_role.html", form=form, role=None, starts=starts, start=start), form.status


@bp.route("/staff/roles/<uuid:role_id>", methods=["GET", "POST"])
@requires("console.staff")
@fresh
def own_role(role_id: UUID) -> ResponseReturnValue:
    """Change a role: write, see what it means for whom, save."""
    role = service.own_role(role_id)
    form = OwnRoleForm(data={"name": role.name, "permissions": role.permissions})
    if form.sent() and not request.form.get("change"):
        different, people = service.difference(role, form.permissions.data), service.holders_of(role.id)
        if people and (different.added or different.taken) and request.form.get("confirmed") != "1":
            return _check(role, form, different, list(people))
        try:
            service.change_role_itself(role.id, form.name.data, form.permissions.data)
        except Invalid as error:
            form.refuse(form.name, error)
        else:
            flash(_("The role is saved. It holds at once."), "ok")
            return redirect(url_for(".own_roles"), 303)
    people = service.holders_of(role.id)
    page = render(
        "console/own_role.html", form=form, role=role, name=_called(role), people=people, starts=[], start=""
    )
    return page, form.status


@bp.route("/staff/roles/<uuid:role_id>/delete", methods=["GET", "POST"])
@requires("console.staff")
@fresh
def delete_role(role_id: UUID) -> ResponseReturnValue:
    """Ask, say who loses what, then delete a role."""
    role, refused = service.own_role(role_id), ""
    name = _called(role)
    if Form().sent():
        try:
            service.delete_role(role.id, holders=request.form.get("holders", 0, type=int))
        except Conflict as error:
            refused = str(error)
        else:
            flash(_("The role %(name)s is deleted.", name=name), "ok")
            return redirect(url_for(".own_roles"), 303)
    people = service.holders_of(role.id)
    page = render("console/own_role_delete.html", role=role, name=name, people=people, refused=refused)
    return page, 409 if refused else 200


def _check(
    role: StaffRole, form: OwnRoleForm, different: service.Difference, people: list[Account]
) -> ResponseReturnValue:
    return render(
        "console/own_role_check.html",
        role=role,
        name=_called(role),
        form=form,
        people=people,
        added=_labels(different.added),
        taken=_labels(different.taken),
    )


def _labels(names: frozenset[str]) -> list[str]:
    each = [permitted(name) for name in sorted(names)]
    return [f"{owner_title(one.owner)}: {_(one.label)}" for one in each]


def _called(role: StaffRole) -> str:
    return pick(role.name, reading_order()).text
