"""Browsers of tests: without JavaScript, on one host, signed in or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import AccountSession, Role
from app.accounts.services import create_confirmed
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.ids import new_secret, secret_hash
from app.web.hosts import SITE
from tenants import resolve


class Browser(FlaskClient):
    """A test client on one host; follows nothing by itself."""

    host = "parvis.localhost"

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request to this browser's host."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", f"http://{self.host}:8000")
        return super().open(*args, **kwargs)

    @contextmanager
    def session_transaction(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Open the cookie of this browser's host; what is kept in it counts as that site's."""
        kwargs.setdefault("base_url", f"http://{self.host}:8000")
        with self.application.app_context():
            city = resolve.city_for_host(self.host)
        with super().session_transaction(*args, **kwargs) as held:
            yield held
            held[SITE] = city.id if city else "platform"


def open_browser(app: Flask, slug: str, *, role: str | None = None, email: str | None = None) -> Browser:
    """Open a browser on a city's host (or `""` for the apex), signed in when a role is given."""
    browser = cast("Browser", app.test_client())
    base = app.config["PARVIS"].base_domain
    browser.host = f"{slug}.{base}" if slug else base
    if role is not None:
        _sign_in(app, browser, slug, Role(role), email or f"{role}@{slug}.example")
    return browser


def _sign_in(app: Flask, browser: Browser, slug: str, role: Role, email: str) -> None:
    secret = new_secret()
    with app.app_context(), serving(resolve.city_by_slug(slug)) as city:
        language = city.language if city else "en"
        account = create_confirmed(email, email.partition("@")[0].title(), role=role, language=language)
        moment = now() - timedelta(seconds=1)
        db.session.flush()
        db.session.add(
            AccountSession(
                secret_hash=secret_hash(secret),
                account_id=account.id,
                created_at=moment,
                seen_at=moment,
                proved_at=moment,
                browser="",
            )
        )
        end_transaction(keep=True)
    with browser.session_transaction(base_url=f"http://{browser.host}:8000") as cookie:
        cookie["_user_id"] = secret
        cookie["_fresh"] = True
