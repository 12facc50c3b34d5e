"""Each request serves one site: a city's, found by its host, or the platform's own."""

from flask import Flask, Response, abort, g, request

from app.accounts.current import current_account
from app.core.context import Actor, acting, city_or_none, serving
from app.core.db import end_transaction
from tenants import resolve

HOSTLESS = frozenset({"/healthz", "/internal/tls-ask"})
# What the page for a host that is nobody's needs to look like one of ours.
LOOK = frozenset({"static", "site.theme_sheet", "site.favicon"})


def install(app: Flask) -> None:
    """Enter the city before each request, end its transaction after it, leave it at the end."""
    app.before_request(_enter)
    app.after_request(_end_transaction)
    app.teardown_request(_leave)


def know_actor() -> None:
    """Write the person signed in into what the audit log takes from here on."""
    account = current_account()
    if account is not None:
        actor = acting(Actor("staff" if account.is_staff else "resident", str(account.id), account.name))
        actor.__enter__()
        g.leaving.append(actor)


def _enter() -> None:
    g.leaving = []
    if request.path in HOSTLESS:
        return
    host = resolve.clean_host(request.host)
    city = None if resolve.is_apex(host) else resolve.city_for_host(host)
    site = serving(city)
    site.__enter__()
    g.leaving.append(site)
    if city is None and not resolve.is_apex(host) and request.endpoint not in LOOK:
        g.unknown_host = True
        abort(404)


def _end_transaction(response: Response) -> Response:
    if city_or_none() is not None or request.path not in HOSTLESS:
        end_transaction(keep=response.status_code < 400)
    return response


def _leave(_error: BaseException | None) -> None:
    if "leaving" not in g:
        return
    try:
        end_transaction(keep=_error is None)
    finally:
        # The thread serves somebody else next: neither this city nor this person may stay with it.
        for context in reversed(g.leaving):
            context.__exit__(None, None, None)
        g.leaving.clear()
