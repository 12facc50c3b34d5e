"""Acting for somebody else on pages: shown at the top, written into the audit log, refused where nothing allows it."""

from flask import Flask, current_app, g, request

from app.accounts.households.acting import acting_for, as_actor, must_be_allowed
from app.core.context import acting, current_actor
from app.registry import modules

PUBLIC = "_public"


def install(app: Flask) -> None:
    """Look at each request to a module's pages by somebody who acts for another."""
    app.jinja_env.globals["acting_for"] = acting_for
    app.before_request(_for_somebody_else)


def _for_somebody_else() -> None:
    """Refuse what a module has not opened for it; what is done is done by one person for another in the audit log.

    Account and back office are one's own: there nobody acts for anybody.
    """
    owner, found, _rest = (request.blueprint or "").rpartition(PUBLIC)
    if not found or owner not in modules() or acting_for() is None:
        return
    must_be_allowed(current_app.view_functions.get(request.endpoint or ""))
    actor = acting(as_actor(current_actor()))
    actor.__enter__()
    g.leaving.append(actor)
