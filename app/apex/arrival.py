"""The door of a new city through which its first administrator comes straight from the platform's site."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import sessions
from app.accounts.models import Purpose
from app.accounts.services import open_link, use_link
from app.core.errors import NotFound
from app.web.gates import city_blueprint

bp = city_blueprint("arrival", __name__)
CONSOLE = "/admin/"


@bp.get("/arrive/<secret>")
def arrive(secret: str) -> ResponseReturnValue:
    """Sign in and go to the console; whoever does not come from the platform's site gets a button to press first.

    A sign-in link answers to a button elsewhere, because mail programs open links. This one is made when the browser
    arrives, was in no mail, and works only when the browser itself says that our own site led it here.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-site":
        return redirect(url_for("portal_sign_in.follow", secret=secret, next=CONSOLE))
    try:
        link = open_link(secret)
    except NotFound:
        return redirect(CONSOLE)
    # A link from a mail would let its receiver sign others in as himself, from a page of his own city.
    if link.purpose is Purpose.ARRIVE:
        sessions.begin(use_link(link), request.user_agent.string)
    return redirect(CONSOLE, 303)
