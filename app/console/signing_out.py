"""Ending the sessions of one person: a lost telephone, somebody who has left."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts.attributes.services import person
from app.accounts.sessions import end_all
from app.accounts.stepping_up import fresh
from app.console.blueprint import bp
from app.core.audit import audit
from app.core.i18n import ngettext
from app.web.gates import requires


@bp.post("/people/<uuid:person_id>/sign-out")
@requires("console.staff")
@fresh
def sign_out_person(person_id: UUID) -> ResponseReturnValue:
    """Sign a person of the staff or a resident out on all devices; she can sign in again."""
    account = person(person_id)
    ended = end_all(account.id)
    audit("accounts.signed_out", subject=f"account:{account.id}", devices=ended)
    flash(ngettext("%(num)s device is signed out.", "%(num)s devices are signed out.", ended), "ok")
    back = "person" if account.is_staff else "resident"
    return redirect(url_for(f".{back}", person_id=account.id), 303)
