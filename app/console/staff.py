"""Staff: who works for the city and who is invited; one person's page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import current_account, staffing
from app.accounts.models import Account, Role
from app.accounts.roles_explained import allowed_to
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.console.roles import RoleShown, by_roles, role_choices, roles_of
from app.console.staff_forms import RemoveForm
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.web.forms import Form, given
from app.web.gates import requires
from app.web.page import render
from app.web.paging import asked_page, paged
from app.web.work import hand_over_work, open_work

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Colleague:
    """One line of the list."""

    account: Account
    roles: list[RoleShown]
    seen_at: datetime | None
    invited_until: datetime | None

    @property
    def name(self) -> str:
        """Return what she is called."""
        return name_of(self.account)

    @property
    def invitation(self) -> str:
        """Return `open` or `over` for somebody who has not come in yet; empty for the others."""
        if self.account.confirmed_at:
            return ""
        return "open" if self.invited_until and self.invited_until > now() else "over"


def name_of(person: Account) -> str:
    """Return what somebody is called."""
    return person.name or person.email


@bp.get("/staff/")
@requires("console.manage")
def staff() -> str:
    """List the people who work for the city."""
    words, role = request.args.get("q", "").strip(), request.args.get("role", "")
    found = staffing.found_staff(words, role)
    page = paged(found, number=asked_page(), per_page=PER_PAGE)
    choices = [("", _("All roles")), *((choice.value, choice.label) for choice in role_choices())]
    return render(
        "console/staff.html",
        page=page,
        colleagues=_colleagues(list(page.items)),
        q=words,
        role=role,
        roles=choices,
    )


@bp.get("/staff/<uuid:person_id>")
@requires("console.manage")
def person(person_id: UUID) -> str:
    """Show one person: roles, what they allow, when she was here."""
    account = on_staff(person_id)
    return render(
        "console/person.html", colleague=_colleagues([account])[0], groups=allowed_to(account), by=by_roles
    )


@bp.route("/staff/<uuid:person_id>/remove", methods=["GET", "POST"])
@requires("console.staff")
@fresh
def remove(person_id: UUID) -> ResponseReturnValue:
    """Ask, say what she has open and who takes it, then make a person of the staff a resident."""
    account = on_staff(person_id)
    open_now = open_work(account.id)
    given_on = any(queue.hand_over for queue, _items in open_now)
    form = RemoveForm(_successors(account)) if given_on else Form()
    refused = ""
    if form.sent():
        try:
            staffing.change_role(account.id, Role.RESIDENT)
        except Conflict as error:
            refused = str(error)
        else:
            handed = _hand_over(account, form) if isinstance(form, RemoveForm) else 0
            flash(_gone(account, handed), "ok")
            return redirect(after(account), 303)
    page = render(
        "console/remove.html",
        form=form,
        person=account,
        name=name_of(account),
        work=open_now,
        given_on=given_on,
        refused=refused,
    )
    return page, 409 if refused else form.status


def on_staff(person_id: UUID) -> Account:
    """Return somebody who works for the city; raises NotFound."""
    account = db.session.get(Account, person_id)
    if account is None or not account.is_staff:
        raise NotFound(_("Nobody like that works here."))
    return account


def after(account: Account) -> str:
    """Return where to go on: whoever gave up the own role has no more business here."""
    me = current_account()
    gave_up = me is not None and me.id == account.id and account.role is not Role.ADMINISTRATOR
    return url_for("front") if gave_up else url_for("console.staff")


def _successors(account: Account) -> list[Account]:
    return [one for one in staffing.staff() if one.id != account.id and one.confirmed_at]


def _hand_over(account: Account, form: RemoveForm) -> int:
    return hand_over_work(account.id, UUID(given(form.to)))


def _gone(account: Account, handed: int) -> str:
    said = _("%(name)s no longer works here and is a resident now.", name=name_of(account))
    if not handed:
        return said
    moved = ngettext("%(num)s thing was handed over.", "%(num)s things were handed over.", handed)
    return f"{said} {moved}"


def _colleagues(people: list[Account]) -> list[Colleague]:
    ids = [one.id for one in people]
    invited = [one.id for one in people if not one.confirmed_at]
    roles, seen = roles_of(people), staffing.last_seen(ids)
    until = staffing.invited_until(invited) if invited else {}
    return [Colleague(one, roles[one.id], seen.get(one.id), until.get(one.id)) for one in people]
