"""Security of every answer and every unsafe request."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from app.core.errors import Forbidden
from app.core.i18n import gettext as _
from app.web.errors import error_page
from tenants import resolve

CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), interest-cohort=()",
    "X-Frame-Options": "DENY",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Check the origin and the token of unsafe requests; add the headers to every answer."""
    https = app.config["PARVIS"].scheme == "https"
    app.config.update(
        SESSION_COOKIE_NAME="__Host-parvis",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.before_request(_head_is_get)
    app.before_request(_same_origin)
    csrf.init_app(app)

    app.register_error_handler(CSRFError, _stale_form)

    @app.after_request
    def _headers(response: Response) -> Response:
        wanted = {**HEADERS, "Strict-Transport-Security": _https_only()} if https else HEADERS
        given = {name.lower() for name, _value in response.headers}
        if "frame-ancestors *" in response.headers.get("Content-Security-Policy", ""):
            # A page made for other sites' frames; the older header has no word for it.
            given.add("x-frame-options")
        response.headers.extend([(n, value) for n, value in wanted.items() if n.lower() not in given])
        return response


def _https_only() -> str:
    """Return for which hosts browsers use HTTPS alone: below a city's own domain there may be others than ours."""
    base = str(current_app.config["PARVIS"].base_domain)
    ours = f".{resolve.clean_host(request.host)}".endswith(f".{base}")
    return "max-age=31536000; includeSubDomains" if ours else "max-age=31536000"


def _stale_form(_error: Exception) -> ResponseReturnValue:
    return error_page(
        403,
        _("This page was open for a long time, or was sent from another site. Go back and send it again."),
    )


def _head_is_get() -> None:
    """Let views see HEAD as the GET that it stands for: one that acts on whatever is not GET would act unasked."""
    if request.method == "HEAD":
        request.method = "GET"


def _same_origin() -> None:
    """Refuse what another site sends here; cities under one domain are one site to SameSite cookies."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin.partition("://")[2].lower() != request.host.lower()
    if foreign or request.headers.get("Sec-Fetch-Site") in ("same-site", "cross-site"):
        raise Forbidden(_("This was sent from another site. Open the page here and try again."))


def is_local(target: str) -> bool:
    """Tell whether `target` is a path on this very host (no scheme, no host, no `//`, no backslash, no line break)."""
    try:
        host = urlsplit(target).netloc
    except ValueError:
        return False
    plain = target.isprintable() and "\\" not in target
    return plain and target.startswith("/") and not target.startswith("//") and not host
