"""Stopping messages with one click, without signing in; what the link in every mail leads to (RFC 8058)."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.notify import channels, choices, kinds, unsubscribing
from app.notify.unsubscribing import EVERYTHING, Stop
from app.portal.account_menu import keep_private
from app.web.gates import city_blueprint
from app.web.page import render
from app.web.security import csrf

bp = city_blueprint("portal_unsubscribe", __name__, "/unsubscribe")


@bp.after_request
def _tell_nobody(response: Response) -> Response:
    """Keep the link out of caches and from other sites; a form of a page without a referrer has no origin."""
    response.headers["Referrer-Policy"] = "same-origin"
    return keep_private(response)


@bp.get("/<token>")
def ask(token: str) -> ResponseReturnValue:
    """Show one button: programs that follow every link of a mail must not stop anything."""
    wish = _read(token)
    return render("portal/unsubscribe.html", token=token, what=_what(wish), way=_way(wish), done=False)


@bp.post("/<token>")
def stop(token: str) -> ResponseReturnValue:
    """Stop it; asked by the button, or by the reader's mail program, which has no token of a form."""
    wish = _read(token)
    choices.stop(wish)
    return render("portal/unsubscribe.html", token=token, what=_what(wish), way=_way(wish), done=True)


# Of all forms this alone has no token: whoever can send it was given the link.
csrf.exempt(f"{__name__}.stop")


def _read(token: str) -> Stop:
    found = unsubscribing.read(token)
    if found is None:
        raise NotFound(_("This link is not complete, or it was not made by us. Open it again from the mail."))
    return found


def _what(wish: Stop) -> str:
    """Return the topic; empty for everything that can be switched off."""
    if wish.topic == EVERYTHING:
        return ""
    try:
        return kinds.said(kinds.topic_named(wish.topic).label)
    except LookupError:
        return ""


def _way(wish: Stop) -> str:
    channel = channels.channel_of(wish.channel)
    return str(channel.label) if channel else wish.channel
