"""Programs that ask a city, with and without tokens."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from app.accounts.tokens import issue
from app.core.context import Actor
from app.web.rest.endpoints import scopes_for


class Program:
    """Something that speaks JSON with one city."""

    def __init__(self, browser: Any, token: str = "") -> None:
        self.browser, self.token = browser, token

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Accept-Language": "en", **more.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return self.browser.open(address, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> Any:
        return self.ask("POST", path, **more)

    def put(self, path: str, **more: Any) -> Any:
        return self.ask("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.ask("DELETE", path, **more)


@pytest.fixture
def program(site, in_city) -> Callable[..., Program]:
    """A program with a token for `scopes` (None: without a token; "all": with every one)."""

    def make(scopes: Iterable[str] | None = None, slug: str = "paris") -> Program:
        if scopes is None:
            return Program(site(slug))
        with in_city(slug):
            from app.core.context import current_city

            wanted = scopes_for(current_city().modules) if scopes == "all" else scopes
            _token, secret = issue("Test program", wanted, days=30, by=Actor("staff", "", "A clerk"))
        return Program(site(slug), secret)

    return make


@pytest.fixture
def write(in_city) -> Callable[..., str]:
    """Write an article and return its id."""
    from modules.news import services
    from modules.news.rules import Draft

    def make(title: str = "Library", *, publish: bool = True, slug: str = "paris") -> str:
        with in_city(slug):
            article = services.create(Draft({"fr": title, "hu": title, "en": title}))
            if publish:
                services.publish(article.id)
            return str(article.id)

    return make
