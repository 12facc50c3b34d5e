"""Pages for people who are signed in, which lose nothing when the session had ended."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, Forbidden, _, current_account, is_htmx, limit, sign_in_required

from ...services.ideas.kept import keep, kept
from .guard import STAMP, TRAP

P = ParamSpec("P")
KEEPS = "30/hour"
_NOT_KEPT = {"csrf_token", STAMP, TRAP, "seen"}


def signed_in(
    back: str,
) -> Callable[[Callable[Concatenate[Account, P], ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Give the view who is signed in; others sign in first, and find what they sent on the page called `back`."""

    def guard(
        view: Callable[Concatenate[Account, P], ResponseReturnValue],
    ) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            account = current_account()
            if account is not None:
                return view(account, *args, **kwargs)
            asked = sign_in_required(_nobody)()
            if request.method != "POST" or is_htmx():
                return asked
            return _keeping(back) or asked

        return guarded

    return guard


def kept_words() -> dict[str, str]:
    """Return what was typed before the sign-in; nothing otherwise."""
    try:
        return kept(UUID(request.args["kept"])) if "kept" in request.args else {}
    except ValueError:
        return {}


def _keeping(back: str) -> ResponseReturnValue | None:
    words = {name: value for name, value in request.form.items() if name not in _NOT_KEPT}
    if not any(words.values()):
        return None
    limit("participatory_budget.kept", KEEPS)
    ident = keep(words)
    if ident is None:
        return None
    wanted = {name: value for name, value in (request.view_args or {}).items() if name in _names(back)}
    page = f"{url_for(back, **wanted)}?{urlencode({'kept': str(ident)})}"
    return redirect(url_for("portal_sign_in.sign_in", next=page), 303)


def _names(endpoint: str) -> frozenset[str]:
    """Return what an address needs: the one of the page and the one of the form differ by what is acted upon."""
    name = endpoint if not endpoint.startswith(".") else f"{request.blueprint}{endpoint}"
    return frozenset(next(current_app.url_map.iter_rules(name)).arguments)


def _nobody() -> ResponseReturnValue:
    raise Forbidden(_("Sign in first."))
