"""Two cities with the same ids and different words, and the people who are signed in there."""

import itertools
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

from flask import Flask

from app.core import ids, jobs
from app.core.context import Actor, acting, city_or_none, serving
from app.core.db import end_transaction
from app.testing import cities
from app.testing.browsers import Browser, open_browser
from app.testing.leaks.filling import Filler, Filling, Twin
from app.web.hosts import SITE
from tenants import resolve
from worker.run import run

ROLES = (None, "resident", "editor", "administrator")
MOST_ROUNDS = 50


@dataclass(slots=True)
class Person:
    """Somebody's browser: a host of its own and the cookies it was given there."""

    app: Flask
    name: str
    host: str
    cookie: str = ""

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        data: object = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Send a request; what the answer sets is forgotten."""
        browser = self.app.test_client(use_cookies=False)
        sent = {
            "Accept-Language": "en",
            **({"Cookie": self.cookie} if self.cookie else {}),
            **(headers or {}),
        }
        return browser.open(path, method=method, data=data, headers=sent, base_url=f"http://{self.host}:8000")


@dataclass(slots=True)
class Twins:
    """Paris asks, budapest must stay unseen and untouched."""

    app: Flask
    fillings: dict[str, Filling]
    here: Twin
    there: Twin
    people: dict[str, list[Person]] = field(default_factory=dict)

    @property
    def apex(self) -> str:
        """Return the host of the platform's own site."""
        return str(self.app.config["PARVIS"].base_domain)

    def person(self, twin: Twin, role: str | None) -> Person:
        """Return who has this role in a city."""
        return self.people[twin.slug][ROLES.index(role)]

    def on_apex(self) -> Person:
        """Return a visitor of the platform's own site who has made this city there."""
        browser = open_browser(self.app, "")
        return _carrying(self.app, browser, "platform", "a visitor of the platform", self.here.on_apex)

    def guests(self, twin: Twin) -> list[Person]:
        """Return who is signed in to a city without an account there."""
        return self.people[twin.slug][len(ROLES) :]


def make(app: Flask, fillings: dict[str, Filling]) -> Twins:
    """Fill the two cities through the product's services: the same ids in both, then some that only one has."""
    here, there = (Twin(made.slug, made.id, made.languages[0]) for made in cities.CITIES)
    start = time.time_ns() - 3600 * 10**9
    for alone in (False, True):
        for twin in (here, there):
            twin.alone = alone
            draws = _Draws(twin, f"{alone and twin.slug}", start + alone * 10**12)
            for fill in (f for filling in fillings.values() for f in filling.fillers):
                _fill(app, twin, fill, draws)
            for fill in (f for filling in fillings.values() for f in filling.finishers):
                _fill(app, twin, fill, draws)
    twins = Twins(app, fillings, here, there)
    for twin in (here, there):
        twin.alone = False
        twins.people[twin.slug] = [
            *(_sign_in(app, twin, role) for role in ROLES),
            *(with_secret(app, twin, name, secret) for name, secret in twin.secrets.items()),
        ]
    return twins


@contextmanager
def inside(app: Flask, twin: Twin) -> Iterator[None]:
    """Work in a city as one of its staff, in one transaction that is kept."""
    config = app.config["PARVIS"]
    with app.test_request_context(base_url=f"http://{twin.slug}.{config.base_domain}:8000"):
        kept = False
        with serving(resolve.city_by_id(twin.id)), acting(Actor("staff", "", twin.text("clerk"))):
            try:
                yield
                kept = True
            finally:
                end_transaction(keep=kept)


def do_work(app: Flask) -> list[str]:
    """Do what lies in the outbox and is due, and what comes of it; returns a line for each task that failed."""
    failed = []
    for _round in range(MOST_ROUNDS):
        with app.app_context():
            rows = jobs.due_rows(100)
            end_transaction(keep=True)
        if not rows:
            break
        for _id, schema, name, given in rows:
            try:
                run(app, name, schema, given)
            except Exception as error:
                failed.append(f"{name}: {error!r}")
    return failed


class _Draws:
    """Ids from a sequence, so that the same acts get the same ids in both cities; the platform has real ones."""

    def __init__(self, twin: Twin, seed: str, start: int) -> None:
        self.twin = twin
        self.random = random.Random(seed)
        self.moments = itertools.count(start, 1_000_000)

    def urandom(self, size: int) -> bytes:
        return self.random.randbytes(size) if self._are_drawn else os.urandom(size)

    def time_ns(self) -> int:
        return next(self.moments) if self._are_drawn else time.time_ns()

    @property
    def _are_drawn(self) -> bool:
        return city_or_none() is not None and self.twin.same_ids

    @contextmanager
    def instead_of_chance(self) -> Iterator[None]:
        with (
            mock.patch.object(ids, "os", SimpleNamespace(urandom=self.urandom)),
            mock.patch.object(ids, "time", SimpleNamespace(time_ns=self.time_ns)),
        ):
            yield


def _fill(app: Flask, twin: Twin, fill: Filler, draws: _Draws) -> None:
    with draws.instead_of_chance(), inside(app, twin):
        fill(twin)
    failed = do_work(app)
    assert not failed, f"filling {twin.slug}: {'; '.join(failed)}"


def _sign_in(app: Flask, twin: Twin, role: str | None) -> Person:
    browser: Browser = open_browser(app, twin.slug, role=role, email=twin.email(role) if role else None)
    return _carrying(app, browser, twin.id, f"{role or 'visitor'} of {twin.slug}", twin.in_session)


def _carrying(app: Flask, browser: Browser, site: str, name: str, more: dict[str, object]) -> Person:
    """Return a person with the cookie of a browser and more in it."""
    with browser.session_transaction(base_url=f"http://{browser.host}:8000") as cookie:
        cookie.update({SITE: site, **more})
    held = browser.get_cookie("__Host-parvis", domain=browser.host)
    return Person(app, name, browser.host, f"__Host-parvis={held.value}" if held else "")


def with_secret(app: Flask, twin: Twin, name: str, secret: str) -> Person:
    """Return somebody whose cookie names a session that the city knows by this secret."""
    signed_in = {**twin.in_session, "_user_id": secret, "_fresh": True}
    return _carrying(app, open_browser(app, twin.slug), twin.id, f"{name} in {twin.slug}", signed_in)
