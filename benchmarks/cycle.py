"""A whole participatory budget of Budapest's size through the pages of a real deployment, up to the certified result.

720 ideas, support, feasibility, 126 projects, 15,756 voters of whom 745 on paper (`--small` for a try). The script
knows every ballot that it has cast and compares: the published votes, the receipts, and a recount of the bundle.
"""

import argparse
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import psycopg
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from app.accounts.models import AccountSession, Role
from app.accounts.services import create_confirmed
from app.core import config, jobs, redis
from app.core.clock import now
from app.core.db import db, end_transaction
from app.core.ids import new_secret, secret_hash
from app.core.jobs import Lane
from app.core.quotas import Resource
from app.factory import create_app
from app.testing.persons import Network, Person
from app.web.hosts import SITE
from benchmarks.measuring import machine, say, table
from benchmarks.servers import Servers, servers
from devstack.child import Child
from devstack.probe import page_status
from devstack.product import processes
from devstack.services.process import free_port
from modules.participatory_budget.tests.cycle import ACTS, BUDAPEST, SMALL, Course, Size, play_paris
from modules.participatory_budget.tests.cycle import paris as districts
from tenants import resolve, schema, setup, toggles
from tenants.inside import inside
from tenants.models import CityRecord, CityState, Quota

SLUG, CITY, BASE = "cycle", "benchcycle", "parvis.localhost"
HOST = f"{SLUG}.{BASE}"
THREADS, MANY = 8, 10**9
QUIET = 3
"""So many looks in a row must find no work before all is done."""
T = TypeVar("T")


class City:
    """A city of a deployment: people at its pages, and workers behind them."""

    language = "en"

    def __init__(self, app: Flask, port: int) -> None:
        self._app, self._port = app, port
        self._known: dict[str, Person] = {}
        self._lock = threading.Lock()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        self._sign = signer.dumps

    def person(self, email: str, *, role: str = "resident") -> Person:
        """Return somebody who is signed in, with an address of her own."""
        with self._lock:
            if email not in self._known:
                place = len(self._known)
                address = f"10.{place // 62_500}.{place // 250 % 250}.{place % 250 + 1}"
                cookie = {self._app.config["SESSION_COOKIE_NAME"]: self._cookie(email, Role(role))}
                self._known[email] = Person(Network(self._port, HOST, cookie, address=address))
            return self._known[email]

    def stranger(self) -> Person:
        """Return somebody without an account."""
        return Person(Network(self._port, HOST, address="192.0.2.7"))

    def work(self) -> None:
        """Return when nothing that is due is left."""
        quiet = 0
        while quiet < QUIET:
            time.sleep(0.4)
            quiet = 0 if self._is_busy() else quiet + 1

    def together(self, number: int, one: Callable[[int], T]) -> Sequence[T]:
        """Let people act, eight at a time."""
        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(one, range(number)))

    def _is_busy(self) -> bool:
        with self._app.app_context():
            due = bool(jobs.due_rows(1))
            end_transaction(keep=False)
            client = redis.client()
            waiting = sum(client.llen(redis.key(f"celery:{lane.queue}")) for lane in Lane)
            return due or bool(waiting) or bool(client.hlen(redis.key("celery:unacked")))

    def _cookie(self, email: str, role: Role) -> str:
        secret, moment = new_secret(), now()
        with inside(self._app, SLUG):
            account = create_confirmed(email, email.partition("@")[0].title(), role=role, language="en")
            db.session.flush()
            db.session.add(
                AccountSession(
                    secret_hash=secret_hash(secret),
                    account_id=account.id,
                    created_at=moment,
                    seen_at=moment,
                    # Nobody has to show anew who she is before she signs, however long the vote has taken.
                    proved_at=moment + timedelta(days=1),
                    browser="",
                )
            )
        return str(self._sign({"_user_id": secret, "_fresh": True, SITE: CITY}))


def main() -> None:
    """Play the cycle and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a dozen ideas and two dozen voters")
    parser.add_argument("--part", type=int, default=1, help="one in so many of everything (1)")
    parser.add_argument("--paris", action="store_true", help="majority judgement in 21 contests instead")
    given = parser.parse_args()
    with servers() as started:
        port = free_port()
        environment = {
            **started.environment,
            "PORT": str(port),
            "PUBLIC_SCHEME": "https",
            "SECRET_KEY": new_secret(),
        }
        os.environ.update(environment)
        app = _prepare(config.read(environment))
        children = processes(started.folder, {**os.environ, **environment}, port)
        try:
            _start(children, port)
            city = City(app, port)
            if given.paris:
                _judge(started, city, districts.Town(voters=40 if given.small else 2000))
            else:
                _cycle(started, city, SMALL if given.small else BUDAPEST.part(given.part))
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()


def _cycle(started: Servers, city: City, size: Size) -> None:
    course = Course(city, size, say)
    took = [(act.__doc__ or "", _timed(act, course)) for act in ACTS]
    _report(started, course, took)


def _judge(started: Servers, city: City, town: districts.Town) -> None:
    began = time.monotonic()
    judged = play_paris(city, town, say)
    print(machine(_version(started)))
    print(
        f"{len(judged.projects)} contests, {len(judged.grades)} projects, {town.voters} voters,"
        f" {sum(sum(one.values()) for one in judged.grades.values())} grades in {time.monotonic() - began:.0f} s:"
        " the grades of every contest and a recount of the bundle agree."
    )


def _version(started: Servers) -> str:
    with psycopg.connect(started.plain_url(started.postgres.dbname)) as connection:
        return str(connection.info.server_version // 10000)


def _prepare(settings: config.Config) -> Flask:
    app = create_app(settings)
    with app.app_context():
        setup.prepare(lambda _line: None)
        schema.create(f"c_{CITY}", [])
        record = CityRecord(id=CITY, slug=SLUG, name="Cycle", state=CityState.LIVE, published=True)
        record.languages, record.time_zone, record.currency = ["en"], "Europe/Budapest", "EUR"
        record.tagline, record.hero, record.brand = {}, "skyline", "#14387f"
        record.contact_email, record.created_at = "hello@cycle.example", now()
        db.session.add(record)
        db.session.flush()
        for resource in (Resource.REQUESTS, Resource.MAILS, Resource.ACCOUNTS):
            db.session.add(Quota(city_id=CITY, resource=resource, most=MANY))
        resolve.change()
        end_transaction(keep=True)
    with inside(app, SLUG) as city:
        toggles.switch_on(city, ["participatory_budget"])
    return app


def _start(children: Sequence[Child], port: int) -> None:
    for child in children:
        child.start()
    for _try in range(600):
        if page_status(port, BASE, "/healthz") == 200:
            return
        time.sleep(0.1)
    raise SystemExit("the web server did not start")


def _timed(act: Callable[[Course], None], course: Course) -> float:
    began = time.monotonic()
    say((act.__doc__ or "").splitlines()[0])
    act(course)
    return time.monotonic() - began


def _report(started: Servers, course: Course, took: Sequence[tuple[str, float]]) -> None:
    print(machine(_version(started)))
    rows = [(words.splitlines()[0], f"{seconds:.1f}") for words, seconds in took]
    print(table(("act", "seconds"), rows))
    size = course.size
    print(
        f"{size.ideas} ideas, {size.projects} projects, {size.voters} ballots on the web, {size.paper} on paper:"
        f" {course.ballots} counted, {sum(course.votes.values())} votes; published votes, {len(course.receipts)} receipts"
        " and a recount of the bundle agree."
    )


if __name__ == "__main__":
    main()
