"""Staff of whom the city wants a second factor do nothing else before they have shown one here."""

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import second_step, sessions
from app.accounts.policy import policy
from app.core.clock import today

# Signing in and out, showing who one is, and what every page needs.
OPEN = frozenset({"site", "portal_sign_in", "portal_confirm", "portal_about", "visits", "arrival"})
# Where a second factor is set up, by those who have none.
SETTING_UP = "portal_security"


def install(app: Flask) -> None:
    """Look at who asks before each page."""
    app.before_request(_lead)


def _lead() -> ResponseReturnValue | None:
    if request.endpoint == "static" or request.blueprint in OPEN:
        return None
    held = sessions.held()
    if held is None or held.strong or not held.account.is_staff:
        return None
    if held.factor_due is None or held.factor_due > today():
        return None
    if not second_step.may_enrol(held.account, policy()):
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("portal_confirm.confirm", next=back), 303)
    if request.blueprint == SETTING_UP:
        return None
    return redirect(url_for("portal_security.security"), 303)
