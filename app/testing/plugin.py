"""pytest fixtures that every module gets, ours or another city's.

`site("paris")` is a browser without JavaScript on that city's host, `site("paris", role="editor")` one signed in;
`resident`, `staff` and `visitor` are the usual three of paris. `run_tasks()` does what the worker would do now.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.core import config as configuration
from app.core import jobs, redis
from app.core.context import serving
from app.core.db import end_transaction
from app.testing import application, cities
from app.testing.browsers import Browser, open_browser
from app.testing.services import throw_away_services
from tenants import quotas, resolve
from worker.run import run


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[configuration.Config]:
    """The configuration of a deployment on servers of its own."""
    folder = tmp_path_factory.mktemp("parvis")
    with throw_away_services() as (database, cache):
        environment = application.environment(database, cache, folder)
        os.environ.update(environment)
        yield configuration.read(environment)


@pytest.fixture(scope="session")
def whole_app(services: configuration.Config) -> Flask:
    """The application with two cities made, once for all tests."""
    app = application.make(services)
    app.config.update(PROPAGATE_FAILURES=True)
    return app


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The application with nothing in it but two cities."""
    cities.fresh(whole_app)
    with whole_app.app_context():
        # What the test before has counted and not told yet is no business of this one.
        quotas.flush()
        redis.client().flushdb()
    shutil.rmtree(_mail_folder(whole_app), ignore_errors=True)
    shutil.rmtree(whole_app.config["PARVIS"].files_dir, ignore_errors=True)
    yield whole_app
    whole_app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_FAILURES=True)


@pytest.fixture
def site(app: Flask) -> Callable[..., Browser]:
    """Open a browser on a city's host (or `""` for the apex), signed in when a role is given."""

    def make(slug: str = "paris", *, role: str | None = None, email: str | None = None) -> Browser:
        return open_browser(app, slug, role=role, email=email)

    return make


@pytest.fixture
def visitor(site: Callable[..., Browser]) -> Browser:
    """Somebody who is not signed in, in paris."""
    return site("paris")


@pytest.fixture
def resident(site: Callable[..., Browser]) -> Browser:
    """A resident of paris, signed in."""
    return site("paris", role="resident")


@pytest.fixture
def staff(site: Callable[..., Browser]) -> Browser:
    """An administrator of paris, signed in."""
    return site("paris", role="administrator")


@pytest.fixture
def in_city(app: Flask) -> Callable[..., Any]:
    """Run code in one transaction of a city: `with in_city("paris"): …`."""

    @contextmanager
    def enter(slug: str = "paris") -> Iterator[None]:
        with app.test_request_context(base_url=f"http://{slug}.{app.config['PARVIS'].base_domain}:8000"):
            kept = False
            with serving(resolve.city_by_slug(slug)):
                try:
                    yield
                    kept = True
                finally:
                    end_transaction(keep=kept)

    return enter


@pytest.fixture
def run_tasks(app: Flask) -> Callable[[], list[str]]:
    """Do all the work that lies in the outbox and is due; returns the names of the tasks in order."""

    def drain() -> list[str]:
        done: list[str] = []
        while True:
            with app.app_context():
                rows = jobs.due_rows(100)
                end_transaction(keep=True)
            if not rows:
                return done
            for _id, schema, name, ids in rows:
                run(app, name, schema, ids)
                done.append(name)

    return drain


@pytest.fixture
def mails(app: Flask, run_tasks: Callable[[], list[str]]) -> Callable[[], list[dict[str, str]]]:
    """Deliver what is due and return every mail so far, oldest first."""

    def read() -> list[dict[str, str]]:
        run_tasks()
        folder = _mail_folder(app)
        return [json.loads(path.read_text()) for path in sorted(folder.glob("[!.]*.json"))]

    return read


@pytest.fixture
def frozen() -> Iterator[Callable[[datetime | str], None]]:
    """Set the clock: `frozen("2026-11-22T10:00")` (UTC); it stands still until the next call."""
    travels: list[time_machine.travel] = []

    def freeze(moment: datetime | str) -> None:
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        travel = time_machine.travel(at if at.tzinfo else at.replace(tzinfo=UTC), tick=False)
        travel.start()
        travels.append(travel)

    yield freeze
    for travel in reversed(travels):
        travel.stop()


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """Count what is asked of the database: `with count_queries() as asked: …; len(asked)`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        asked: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


def _mail_folder(app: Flask) -> Path:
    return Path(app.config["PARVIS"].mail_url.removeprefix("file://"))
