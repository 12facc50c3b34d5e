"""A deployment of its own for tests: servers, web, worker and beat as processes, the way `make run` starts them."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface

from app.accounts.models import AccountSession, Role
from app.accounts.services import create_confirmed
from app.core import config, jobs
from app.core.clock import now
from app.core.context import City
from app.core.db import db, end_transaction
from app.core.ids import new_secret, new_short_id, secret_hash
from app.factory import create_app
from app.registry import modules as installed_modules
from app.web.hosts import SITE
from devstack.checkout import ROOT
from devstack.child import Child
from devstack.probe import WORKER, page_status
from devstack.product import processes
from devstack.services import Postgres, Valkey
from devstack.services.process import free_port, kill_session
from tenants import resolve, schema, setup, toggles
from tenants.inside import inside
from tenants.models import CityRecord, CityState
from worker.celery_app import make_celery, prefix_of
from worker.nudge import nudge

BASE = "parvis.localhost"
# Settings for another deployment must not reach this one.
FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "WEB_DATABASE_URL",
    "PLATFORM_DATABASE_URL",
    "SECRET_KEY",
    "BASE_DOMAIN",
)
START_SECONDS = 60.0


def eventually(check: Callable[[], object], *, seconds: float = 20.0, what: str = "it") -> None:
    """Wait until something is so; fails when it does not come about in time."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, f"{what} did not come within {seconds:g} s"
        time.sleep(0.02)


class Deployment:
    """Everything that runs; `app` is the same application inside the test, for arranging and for looking."""

    def __init__(self, state: Path, *, durable: bool) -> None:
        self.state = state
        self.postgres, self.valkey = Postgres(state, durable=durable), Valkey(state, durable=durable)
        self.port = free_port()
        self.mail = state / "mail"

    def start(self) -> "Deployment":
        """Return when pages and the worker answer."""
        self.postgres.start()
        self.valkey.start()
        env = self._environment()
        self.config = config.read(env)
        self.app = create_app(self.config)
        # What is arranged here asks for work by itself; other tests' applications must stay without a worker.
        jobs.discard_nudges()
        with self.app.app_context():
            setup.prepare(lambda _line: None)
        self.web, self.worker, self.beat = self.children = processes(self.state, env, self.port)
        for child in self.children:
            child.start()
        self.celery = make_celery(self.config.redis_url, prefix_of(str(self.config.database.database)))
        eventually(self.answers, seconds=START_SECONDS, what="the first page")
        eventually(self.works, seconds=START_SECONDS, what="the worker's answer")
        return self

    def stop(self) -> None:
        """End everything at once; nothing of it is needed any more."""
        for child in getattr(self, "children", []):
            kill(child)
        self.valkey.stop()
        self.postgres.stop()

    def answers(self) -> bool:
        """Tell whether pages come."""
        return page_status(self.port, BASE, "/healthz") == 200

    def works(self) -> bool:
        """Tell whether the worker answers through the broker."""
        return bool(self.celery.control.ping(destination=[WORKER], timeout=0.5))

    def url(self, slug: str = "", path: str = "/") -> str:
        """Return the address of a page of a city, or of the platform's own site."""
        return f"http://{host_of(slug)}:{self.port}{path}"

    @contextmanager
    def arrange(self, slug: str) -> Iterator[City]:
        """Work in one city as a page does: one transaction, then the worker is woken."""
        with inside(self.app, slug) as city:
            yield city
        with self.app.app_context():
            nudge()

    @contextmanager
    def look(self, slug: str) -> Iterator[City]:
        """Look into one city; nobody is woken."""
        with inside(self.app, slug) as city:
            yield city

    def make_city(
        self, slug: str, name: str, *, modules: Iterable[str] | None = None, **facts: object
    ) -> None:
        """Make a city with these modules switched on, all of them when none are named; `facts` go into its row."""
        city_id = new_short_id()
        usual: dict[str, object] = {
            "published": True,
            "languages": ["en"],
            "time_zone": "Europe/Budapest",
            "tagline": {},
            "contact_email": f"hello@{slug}.example",
        }
        with self.app.app_context():
            schema.create(f"c_{city_id}")
            row = {"id": city_id, "slug": slug, "name": name, "state": CityState.LIVE, "created_at": now()}
            db.session.add(CityRecord(**row, **{**usual, **facts}))
            resolve.change()
            end_transaction(keep=True)
        with inside(self.app, slug) as city:
            toggles.switch_on(city, list(installed_modules() if modules is None else modules))

    def sign_in(self, slug: str, emails: Iterable[str], role: str = "resident") -> list[str]:
        """Return the cookie of a signed-in browser for each of these people."""
        secrets = {email: new_secret() for email in emails}
        with inside(self.app, slug) as city:
            for email, secret in secrets.items():
                name = email.partition("@")[0].title()
                account = create_confirmed(email, name, role=Role(role), language="en")
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
        return [self._cookie(city, secret) for secret in secrets.values()]

    def _cookie(self, city: City, secret: str) -> str:
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return str(signer.dumps({"_user_id": secret, "_fresh": True, SITE: city.id}))

    def _environment(self) -> dict[str, str]:
        kept = {
            key: value for key, value in os.environ.items() if key not in FOREIGN and not key.startswith("PG")
        }
        return kept | {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "PORT": str(self.port),
            "MAIL_URL": self.mail.as_uri(),
            "FILES_DIR": str(self.state / "files"),
            "PUBLIC_SCHEME": "http",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            # Nobody answers there: no test asks the world's name servers.
            "DNS_SERVERS": "127.0.0.1:9",
        }


def host_of(slug: str) -> str:
    """Return the host of a city, or of the platform's own site."""
    return f"{slug}.{BASE}" if slug else BASE


def kill(child: Child | Postgres | Valkey) -> None:
    """End a process at one blow, and all it started: no signal to prepare for, nothing written down."""
    if child.process is not None:
        kill_session(child.process)
        child.process.wait()
