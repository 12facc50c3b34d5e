"""`/operators` of the platform's own site: the door, which is open, and everything behind it, which is not."""

from urllib.parse import urlsplit

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.operators import sessions
from app.core.context import Actor, acting
from app.web.gates import apex_blueprint
from app.web.page import is_htmx
from app.web.security import is_local
from tenants.models import OperatorSession

PREFIX = "/operators"
LONGEST_BACK = 500
door = apex_blueprint("operators_door", __package__ or "", PREFIX)
bp = apex_blueprint("operators", __package__ or "", PREFIX)


@bp.before_request
def operators_only() -> ResponseReturnValue | None:
    """Send whoever is not signed in to the door; the others act under their names from here on."""
    held = sessions.current()
    if held is None:
        return _to_the_door()
    actor = acting(actor_of(held))
    actor.__enter__()
    g.leaving.append(actor)
    return None


@door.after_request
@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep these pages out of caches and search engines, and their addresses away from other sites."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def me() -> OperatorSession:
    """Return the session of the operator who is asking; for pages behind the door."""
    held = sessions.current()
    if held is None:
        raise AssertionError("pages behind the door are for operators")
    return held


def actor_of(held: OperatorSession) -> Actor:
    """Return an operator as the journals write her down."""
    return Actor("operator", str(held.operator_id), held.operator.name)


def usable(target: str) -> str:
    """Return `target` when it is a page behind the door, else an empty text."""
    behind = target.startswith(f"{PREFIX}/") and not target.startswith((f"{PREFIX}/sign-", f"{PREFIX}/join/"))
    return target if behind and is_local(target) and len(target) <= LONGEST_BACK else ""


def _to_the_door() -> ResponseReturnValue:
    target = url_for("operators_door.sign_in", next=_way_back() or None)
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _way_back() -> str:
    if request.method == "GET" and not is_htmx():
        return usable(request.full_path.rstrip("?"))
    page = urlsplit(request.referrer or "")
    return usable(page.path) if page.netloc == request.host else ""
