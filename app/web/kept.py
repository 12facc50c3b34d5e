"""A page that is the same for all visitors is drawn once and kept in the process until its city changes.

Visitors are those of whom the session knows nothing: nobody is signed in, no message waits. Each page is kept for a city,
a language and a choice of colours, together with what it was drawn from: the city as it was looked up, the mark of its
rows, and the minute, since pages say what is open by the clock. The token that forms need is put in for each reader.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.core import changes, redis
from app.core.clock import now
from app.core.context import City, current_city
from app.core.i18n import language
from app.web.hosts import SITE
from app.web.page import theme

P = ParamSpec("P")
MOST_BYTES = 32 * 1024 * 1024
TOKEN = "csrf_token"  # noqa: S105  its name
_NOBODY = frozenset({TOKEN, SITE})
_HERE = secrets.token_hex(16)

Key = tuple[str, str, str, str]
State = tuple[City, str, int]


@dataclass
class _Kept:
    pages: OrderedDict[Key, tuple[State, str]] = field(default_factory=OrderedDict)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: Key, state: State) -> str | None:
        """Return the page unless it was drawn from another state."""
        with self.lock:
            found = self.pages.get(key)
            if found is None or found[0] != state:
                return None
            self.pages.move_to_end(key)
            return found[1]

    def keep(self, key: Key, state: State, page: str) -> None:
        """Keep the page, and give up those that nobody has asked for longest when there is no room."""
        with self.lock:
            self._give_up(key)
            self.pages[key] = state, page
            self.size += len(page)
            while self.size > MOST_BYTES:
                self._give_up(next(iter(self.pages)))

    def _give_up(self, key: Key) -> None:
        if key in self.pages:
            self.size -= len(self.pages.pop(key)[1])


def install(app: Flask) -> None:
    """Give the application its store, and templates a token that need not be a reader's own."""
    app.extensions["parvis_kept_pages"] = _Kept()
    app.jinja_env.globals[TOKEN] = _token


def same_for_visitors(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Keep the page that the view draws; what it shows may depend on city, language, colours and clock alone."""

    @wraps(view)
    def kept(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        state = _state()
        if state is None:
            return view(*args, **kwargs)
        store: _Kept = current_app.extensions["parvis_kept_pages"]
        key = (state[0].id, language(), theme(), request.path)
        page = store.find(key, state)
        if page is None:
            drawn = _draw(view, *args, **kwargs)
            if not isinstance(drawn, str):
                return drawn
            page = drawn
            if TOKEN not in g and not session.modified:
                store.keep(key, state, page)
        return page.replace(_HERE, generate_csrf()) if _HERE in page else page

    return kept


def _state() -> State | None:
    """Return what the page would be drawn from; None when it may be the reader's own or nobody can tell."""
    if request.query_string or "HX-Request" in request.headers or not _NOBODY.issuperset(session):
        return None
    city = current_city()
    try:
        return city, changes.mark(city), int(now().timestamp()) // 60
    except redis.RedisError:
        return None


def _draw(view: Callable[P, ResponseReturnValue], *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
    g.draws_for_all = True
    try:
        return view(*args, **kwargs)
    finally:
        g.draws_for_all = False


def _token() -> str:
    return _HERE if g.get("draws_for_all") else generate_csrf()
