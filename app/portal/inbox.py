"""The inbox: what the city has told a person, on its own pages."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import me, sign_in_required
from app.core.i18n import gettext as _
from app.notify import inbox
from app.portal.account_menu import account_blueprint, account_page
from app.web.paging import asked_before

bp = account_blueprint("portal_inbox", __name__, "/inbox")


@bp.get("")
@sign_in_required
def messages() -> ResponseReturnValue:
    """Show what the person was told, the latest first."""
    before = asked_before()
    items, more = inbox.page(me().id, before=before)
    return account_page(
        "portal/inbox.html",
        items=items,
        unread=inbox.unread(me().id),
        newest=url_for(".messages") if before else None,
        older=url_for(".messages", before=items[-1].id) if more else None,
    )


@bp.post("/<uuid:notification_id>/open")
@sign_in_required
def open_one(notification_id: UUID) -> ResponseReturnValue:
    """Lead to what a message is about, and note that it was read."""
    return redirect(inbox.open_one(me().id, notification_id) or url_for(".messages"), 303)


@bp.post("/read")
@sign_in_required
def read_all() -> ResponseReturnValue:
    """Note that everything was read."""
    inbox.read_all(me().id)
    flash(_("Everything is marked as read."), "ok")
    return redirect(url_for(".messages"), 303)
