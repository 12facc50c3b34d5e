"""PgBouncer in transaction mode: each transaction may meet another server process, and the last city's settings on it."""

import random
import shutil
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Account, Role
from app.accounts.services import create_confirmed
from app.core import jobs
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.ids import new_id
from app.factory import create_app
from app.notify.mail import CityMail
from app.testing.browsers import Browser, open_browser
from tenants import resolve
from worker.run import run

from .pooler import POOL_SIZE, Pooler

THREADS, ROUNDS = 6, 40
CITIES = ("paris", "budapest")


@pytest.fixture(scope="module")
def pooler(services):
    folder = Path(tempfile.mkdtemp(prefix="parvis-pooler-"))
    started = Pooler(folder, services)
    try:
        started.start()
        yield started
    finally:
        started.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def pooled_app(services, whole_app, pooler):
    """The application as a deployment with DATABASE_POOLER=transaction runs it."""
    made = create_app(
        replace(
            services,
            web_database=pooler.through(services.web_database),
            platform_database=pooler.through(services.platform_database),
            database_pooled=True,
            # So many threads that no city is asked to wait for another.
            web_threads=4 * THREADS,
        )
    )
    made.test_client_class = Browser
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    jobs.discard_nudges()
    yield made
    with made.app_context():
        for engine in db.engines.values():
            engine.dispose()


def at_once(work):
    """Do the work in several threads at once and return what each call said, counted."""
    start, said = threading.Barrier(THREADS), Counter()

    def go(number):
        draw = random.Random(number)
        start.wait()
        return Counter(work(draw) for _ in range(ROUNDS))

    with ThreadPoolExecutor(THREADS) as threads:
        for counted in threads.map(go, range(THREADS)):
            said.update(counted)
    assert said.total() == THREADS * ROUNDS
    return said


def test_transactions_of_all_cities_share_few_server_processes(pooled_app, twins):
    def ask(draw):
        with pooled_app.app_context(), serving(resolve.city_by_slug(draw.choice(CITIES))):
            pid = db.session.scalar(text("SELECT pg_backend_pid()"))
            end_transaction(keep=True)
            return pid

    assert 1 <= len(at_once(ask)) <= POOL_SIZE


def test_no_transaction_reads_another_citys_rows(pooled_app, twins):
    def ask(draw):
        slug = draw.choice(CITIES)
        with pooled_app.app_context(), serving(resolve.city_by_slug(slug)):
            name = db.session.scalar(select(Account.name).where(Account.id == twins))
            end_transaction(keep=draw.random() < 0.7)
        return name == f"Ada of {slug}"

    assert set(at_once(ask)) == {True}


def test_neither_after_errors_savepoints_and_rollbacks(pooled_app, twins):
    def ask(draw):
        slug = draw.choice(CITIES)
        with pooled_app.app_context(), serving(resolve.city_by_slug(slug)):
            try:
                with db.session.begin_nested():
                    db.session.execute(text("SELECT 1 / :zero"), {"zero": draw.choice((0, 1))})
            except DBAPIError:
                pass
            if draw.random() < 0.3:
                db.session.rollback()
            names = db.session.scalars(select(Account.name)).all()
            role = db.session.scalar(text("SELECT current_user"))
            end_transaction(keep=True)
        return names == [f"Ada of {slug}"] and role == f"c_test{slug}"

    assert set(at_once(ask)) == {True}


def test_what_is_written_lies_in_the_city_that_wrote_it(app, pooled_app, twins):
    def write(draw):
        slug = draw.choice(CITIES)
        with pooled_app.app_context(), serving(resolve.city_by_slug(slug)):
            person = create_confirmed(
                f"{draw.getrandbits(64)}@{slug}.example", slug, role=Role.RESIDENT, language="en"
            )
            db.session.add(person)
            end_transaction(keep=True)
        return slug

    written = at_once(write)
    for slug in CITIES:
        with app.app_context(), serving(resolve.city_by_slug(slug)):
            residents = select(Account.name).where(Account.role == Role.RESIDENT)
            assert Counter(db.session.scalars(residents)) == {slug: written[slug]}


def test_no_page_shows_another_city(pooled_app, twins):
    browsers = {slug: open_browser(pooled_app, slug, role="administrator") for slug in CITIES}
    cookies = {
        slug: f"__Host-parvis={browser.get_cookie('__Host-parvis', domain=browser.host).value}"
        for slug, browser in browsers.items()
    }

    def visit(draw):
        here, there = draw.sample(CITIES, 2)
        client = pooled_app.test_client(use_cookies=False)
        page = client.get(
            draw.choice(("/admin/staff/", "/admin/audit", "/account", "/")),
            headers={"Cookie": cookies[here]},
            base_url=f"http://{here}.parvis.localhost:8000",
        )
        return page.status_code, f"@{there}.example" in page.text or f"Ada of {there}" in page.text

    assert set(at_once(visit)) == {(200, False)}


def test_the_worker_keeps_to_its_city_behind_the_pooler_too(app, pooled_app, twins):
    ident = new_id()
    with app.app_context():
        for slug in CITIES:
            with serving(resolve.city_by_slug(slug)):
                words = {"subject": slug, "text": slug, "html": slug, "language": "en"}
                db.session.add(CityMail(id=ident, recipient=f"ada@{slug}.example", created_at=now(), **words))
                end_transaction(keep=True)
    run(pooled_app, "mail.deliver", "c_testparis", {"mail_id": str(ident)})
    with app.app_context():
        for slug, is_sent in (("paris", True), ("budapest", False)):
            with serving(resolve.city_by_slug(slug)):
                assert (db.session.get_one(CityMail, ident).sent_at is not None) is is_sent


def test_settings_of_a_session_do_leak_through_this_pooler(services, pooler, twins):
    """The test above would notice: what lasts longer than a transaction reaches whoever comes next."""
    address = (
        pooler.through(services.database).set(drivername="postgresql").render_as_string(hide_password=False)
    )
    local = threading.local()

    def ask(draw):
        slug = draw.choice(CITIES)
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(address, autocommit=True, prepare_threshold=None)
        local.connection.execute(f"SET search_path TO c_test{slug}")
        try:
            name = local.connection.execute("SELECT name FROM account").fetchone()[0]
        except psycopg.errors.UndefinedTable:
            # A server process that was told nothing yet.
            return False
        return name == f"Ada of {slug}"

    assert at_once(ask)[False] > 0
