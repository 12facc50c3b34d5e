"""While a city is being made: what is done, what is not, and the way in when it is ready."""

from datetime import timedelta

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Purpose
from app.accounts.services import find as find_account
from app.accounts.services import new_link
from app.apex import approval, signup
from app.core.clock import now
from app.core.context import serving
from app.core.db import end_transaction
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.web.gates import apex_blueprint
from app.web.page import is_htmx, render
from tenants import lifecycle, resolve
from tenants.addresses import host_of
from tenants.models import Signup, SignupState

bp = apex_blueprint("apex_setting_up", __name__)
ARRIVING = "arriving"
MAY_ARRIVE_FOR = timedelta(hours=1)
TimelineStep = tuple[None, str, str, str | None]


@bp.get("/setting-up/<secret>")
def setting_up(secret: str) -> ResponseReturnValue:
    """Show how far the city is; asked by htmx, answer only when something is new."""
    try:
        found = signup.find(secret)
    except NotFound:
        return render("apex/link_over.html"), 404
    if found.state is SignupState.REQUESTED:
        return redirect(url_for("apex_start.link", secret=secret))
    ready, step = found.state is SignupState.READY, _step(found)
    may_enter = ready and _arrives(found)
    if is_htmx() and may_enter:
        return "", 200, {"HX-Redirect": url_for(".console", secret=secret)}
    if is_htmx() and request.args.get("seen") == step:
        return "", 204
    return render(
        "apex/_progress.html" if is_htmx() else "apex/setting_up.html",
        signup=found,
        secret=secret,
        step=step,
        host=host_of(found.slug),
        steps=_steps(found),
        ready=ready,
        may_enter=may_enter,
        failed=found.state is SignupState.FAILED,
        waiting=found.state is SignupState.WAITING,
        refused=found.state is SignupState.REFUSED,
        slow=found.attempts > 1,
        sign_in_url=signup.url_of(found, "/sign-in"),
    )


@bp.post("/setting-up/<secret>/again")
def again(secret: str) -> ResponseReturnValue:
    """Try once more to make a city that could not be made; nothing has to be typed again."""
    try:
        found = signup.find(secret, lock=True)
        confirm(found, found.slug)
    except NotFound:
        return render("apex/link_over.html"), 404
    except Conflict:
        return redirect(url_for("apex_start.link", secret=secret), 303)
    expect(found)
    return redirect(url_for(".setting_up", secret=secret), 303)


@bp.get("/setting-up/<secret>/console")
def console(secret: str) -> ResponseReturnValue:
    """Lead the browser that pressed the button into its city, once; others sign in there."""
    try:
        found = signup.find(secret)
    except NotFound:
        return render("apex/link_over.html"), 404
    if not _arrives(found) or found.state is not SignupState.READY:
        return redirect(url_for(".setting_up", secret=secret))
    session.pop(ARRIVING)
    sign_in_secret = _sign_in_secret(found)
    path = f"/arrive/{sign_in_secret}" if sign_in_secret else "/sign-in"
    return redirect(signup.url_of(found, path), 303)


def confirm(found: Signup, slug: str) -> None:
    """Have the city made, or approved first where the deployment wants that; done before, it does nothing."""
    if approval.is_wanted() and found.state is SignupState.REQUESTED:
        approval.put_before_operators(found, slug)
    else:
        signup.confirm(found, slug)


def expect(found: Signup) -> None:
    """Remember that this browser is the one that set the city up, for an hour."""
    session[ARRIVING] = [str(found.id), int((now() + MAY_ARRIVE_FOR).timestamp())]


def _arrives(found: Signup) -> bool:
    ident, until = session.get(ARRIVING) or ("", 0)
    return bool(ident == str(found.id) and until > now().timestamp())


def _sign_in_secret(found: Signup) -> str:
    """Return the secret of a fresh link for the city's first administrator; empty when the city is not live."""
    city, email = resolve.city_by_id(found.city_id or ""), found.email
    if city is None:
        return ""
    kept = False
    with serving(city):
        try:
            account = find_account(email)
            secret = new_link(account, Purpose.ARRIVE) if account else ""
            kept = True
        finally:
            end_transaction(keep=kept)
    return secret


def _step(found: Signup) -> str:
    """Return a word for how far the city is; the page asks again until it changes."""
    if found.state is not SignupState.CONFIRMED:
        return str(found.state)
    made = "database" if lifecycle.has_database(found) else "reserved"
    return f"{made}-slow" if found.attempts > 1 else made


def _steps(found: Signup) -> list[TimelineStep]:
    ready = found.state is SignupState.READY
    done = 3 if ready else 2 if lifecycle.has_database(found) else 1
    told = (
        (_("Your address is reserved"), host_of(found.slug)),
        (_("Your city gets a database of its own"), ""),
        (_("You become its administrator"), found.email),
    )
    states = ["done" if number < done else "now" if number == done else None for number in range(len(told))]
    return [(None, title, text, state) for (title, text), state in zip(told, states, strict=True)]
