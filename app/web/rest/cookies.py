"""Programs neither bring cookies nor are given any: a browser that asks here keeps its session untouched."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from app.web.rest.paths import is_for_programs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def without_cookies(inner: "WSGIApplication") -> "WSGIApplication":
    """Return the application with no cookie going in or out where programs ask."""

    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not is_for_programs(str(environ.get("PATH_INFO", ""))):
            return inner(environ, start_response)
        environ.pop("HTTP_COOKIE", None)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            kept = [(name, value) for name, value in headers if name.lower() != "set-cookie"]
            return start_response(status, kept, *rest)

        return inner(environ, start)

    return served
