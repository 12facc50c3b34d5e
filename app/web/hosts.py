"""Each request serves one site: a city's, found by its host, or the platform's own."""

from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, session
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue

from app.accounts.current import current_person
from app.core.context import City, acting, city_or_none, serving
from app.core.db import end_transaction
from app.web import closed
from tenants import resolve

HOSTLESS = frozenset({"/healthz", "/health", "/ready", "/internal/metrics", "/internal/tls-ask"})
# What the page for a host that is nobody's, or of a city that is closed, needs to look like one of ours.
LOOK = frozenset({"static", "site.theme_sheet", "site.favicon", "site.old_favicon"})
# Which site the cookie was made for: a host name may pass from one city to another, what it signed may not.
SITE = "_site"


def install(app: Flask) -> None:
    """Enter the city before each request, end its transaction after it, leave it at the end."""
    app.before_request(_enter)
    app.before_request(_lead_to_own_host)
    app.before_request(_refuse_foreign_cookie)
    app.before_request(_turn_away_from_closed)
    app.after_request(_mark_cookie)
    app.after_request(_end_transaction)
    app.teardown_request(_leave)


def know_actor() -> None:
    """Write the person signed in into what the audit log takes from here on."""
    person = current_person()
    if person is not None:
        actor = acting(person)
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
    _name_links_after(city)
    if city is None and not resolve.is_apex(host) and request.endpoint not in LOOK:
        g.unknown_host = True
        abort(404)


def _name_links_after(city: City | None) -> None:
    """Make whole addresses, as in mails, out of the site's own host and port, whatever the request called them."""
    config = current_app.config["PARVIS"]
    adapter = request_ctx.url_adapter
    if adapter is not None:
        adapter.url_scheme, adapter.server_name = config.origin(city.host if city else config.base_domain)


def _lead_to_own_host() -> ResponseReturnValue | None:
    """Send readers and programs from a city's other hosts to its own; forms that were open there still come in."""
    city = city_or_none()
    host = resolve.clean_host(request.host)
    if city is None or host == city.host or request.endpoint in LOOK:
        return None
    reads, from_here = request.method in ("GET", "HEAD"), _is_from_this_host()
    if not reads and (from_here or not resolve.is_former(city, host)):
        return None
    if request.headers.get("HX-Request") == "true":
        # Another host is out of reach for a part of a page; the whole page can go there.
        return "", 200, {"HX-Refresh": "true"}
    target = current_app.config["PARVIS"].url(city.host, _target())
    if reads and from_here:
        # Browsers follow no redirect to another host after a form (form-action of our own policy).
        answer = current_app.make_response(render_template("moved.html", target=target))
        answer.headers["Refresh"] = f"0; url={target}"
    else:
        answer = current_app.make_response(redirect(target, 301 if reads else 308))
    # A city may take a former address back: a browser that remembered would go in circles.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_from_this_host() -> bool:
    """Tell whether a page of the very host that is asked leads here, by a form or a link."""
    source = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(source).netloc.lower() == request.host.lower()


def _target() -> str:
    path = quote(request.path, safe="/!$&'()*+,:;=@~")
    query = request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def _refuse_foreign_cookie() -> None:
    """Forget what a cookie says that was made for another site, as when a host name has passed to another city."""
    # The version before did not say for which site it was; no host name had passed to another city then.
    if session and session.setdefault(SITE, _site()) != _site():
        session.clear()


def _mark_cookie(response: Response) -> Response:
    if session and session.modified:
        session[SITE] = _site()
    return response


def _site() -> str:
    city = city_or_none()
    return city.id if city else "platform"


def _turn_away_from_closed() -> ResponseReturnValue | None:
    city = city_or_none()
    if city is None or city.is_live or request.endpoint in LOOK:
        return None
    return closed.answer(city)


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
