"""My data: everything the city holds about a person to take along, and the way to delete her account."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from werkzeug.wsgi import FileWrapper
from wtforms import StringField

from app.accounts import me, sessions, sign_in_required
from app.accounts.privacy import collecting, leaving
from app.accounts.privacy.holdings import DOWNLOADS_KEPT
from app.accounts.privacy.present import present
from app.accounts.stepping_up import fresh
from app.core.clock import local
from app.core.context import current_city
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.portal.account_menu import ENTRIES, AccountPage, account_blueprint, account_page
from app.web.forms import Form, at_most, given, required
from app.web.limits import limit

bp = account_blueprint("portal_my_data", __name__, "/data")
ENTRIES.append(
    AccountPage(
        _l("My data"),
        _l("See what is kept about you, take it along, or delete your account."),
        "portal_my_data.my_data",
        "archive",
    )
)
TRIES = "10 per 15 minutes"


class LeaveForm(Form):
    """Deletes an account: its address is typed, so that nobody does it by mistake."""

    address = StringField(_l("Your e-mail address"), [required(), at_most(254)])


@bp.get("")
@sign_in_required
def my_data() -> str:
    """Show what is kept, and the file with it when there is one."""
    found = collecting.of(me().id)
    return account_page(
        "portal/my_data.html",
        held=present(),
        found=found,
        until=found.asked_at + DOWNLOADS_KEPT - timedelta(hours=1) if found and found.made_at else None,
        size=_size(found.bytes) if found and found.made_at else None,
    )


def _size(number: int) -> str:
    if number < 1_000_000:
        return _("%(size)s kB", size=format_decimal(-(-number // 1000)))
    return _("%(size)s MB", size=format_decimal(round(number / 1_000_000, 1)))


@bp.post("/ask")
@sign_in_required
def ask() -> ResponseReturnValue:
    """Have the data put together."""
    person = me()
    limit("my-data", TRIES, str(person.id))
    try:
        collecting.ask(person)
    except Conflict as error:
        flash(str(error), "warn")
    else:
        flash(_("Your data is being put together. We write to you when the file is ready."), "ok")
    return redirect(url_for(".my_data"), 303)


@bp.get("/<uuid:download_id>.zip")
@sign_in_required
@fresh
def download(download_id: UUID) -> ResponseReturnValue:
    """Hand the file over to its owner, piece by piece."""
    found, stream = collecting.fetch(me().id, download_id)
    name = f"{current_city().slug}-{local(found.asked_at).date().isoformat()}.zip"
    pieces: Iterator[bytes] = FileWrapper(stream, collecting.PIECE)
    answer = Response(pieces, mimetype="application/zip", direct_passthrough=True)
    answer.call_on_close(stream.close)
    answer.content_length = found.bytes
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.route("/delete", methods=["GET", "POST"])
@sign_in_required
@fresh
def delete() -> ResponseReturnValue:
    """Say what goes, what stays and why; delete the account of whoever types its address."""
    person, form = me(), LeaveForm()
    refused = ""
    try:
        leaving.must_be_free(person)
    except Conflict as error:
        refused = str(error)
    if not refused and form.sent():
        limit("leave", TRIES, str(person.id))
        try:
            leaving.leave(person, given(form.address))
        except Invalid as error:
            form.refuse(form.address, error)
        else:
            sessions.end()
            flash(_("Your account is deleted. A mail confirms it."), "ok")
            return redirect(url_for("front"), 303)
    farewell = leaving.look_ahead(person)
    page = account_page("portal/leave.html", form=form, farewell=farewell, refused=refused)
    return page, 409 if refused and form.is_submitted() else form.status
