"""A deployment whose server archives its WAL, a base backup of it, and two cities that go on living after it."""

import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from app.core import jobs
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.factory import create_app
from app.testing import cities
from devstack.services import Postgres, scratch_dir
from modules.news import services as news
from modules.news.models import Article
from modules.news.rules import Draft
from tenants import resolve, schema
from tests.deployment import eventually


@dataclass
class Past:
    """A server with a past: where its backup and its WAL are, and the moments that count."""

    app: Flask
    server: Postgres
    backup: Path
    wal: Path
    before_backup: datetime
    good: datetime
    then: dict[str, str]
    after: datetime

    @property
    def programs(self):
        return self.server.programs.home / "bin"


@pytest.fixture(scope="module")
def past(services, tmp_path_factory):
    state = scratch_dir()
    wal, backup = state / "wal", state / "backup"
    archiving = {
        "wal_level": "replica",
        "max_wal_senders": "4",
        "archive_mode": "on",
        "archive_command": f"cp %p {wal}/%f.part && mv {wal}/%f.part {wal}/%f",
    }
    server = Postgres(state, durable=False, dbname="rewound", settings=archiving)
    for folder in (wal, backup):
        folder.mkdir(mode=0o700)
        server.programs.account.own(folder)
    try:
        server.start()
        yield lived(server, services, state, tmp_path_factory.mktemp("files"))
    finally:
        server.stop()
        shutil.rmtree(state, ignore_errors=True)


def lived(server, services, state, files):
    """Let paris lose its news after a backup, and budapest go on."""
    app = deployment(server, services, files)
    before_backup = moment()
    made = server.programs.call(
        "pg_basebackup", "-D", state / "backup", "-h", server.socket_dir, "-U", "parvis", "-c", "fast"
    )
    assert made.returncode == 0, made.stderr
    # The backup says when it was begun to the second.
    time.sleep(1.1)
    write(app, "paris", "The fountain is back")
    write(app, "budapest", "The bridge is open")
    good, then = moment(), content(app, "testparis")
    write(app, "budapest", "The bridge is closed")
    with inside(app, "paris"):
        db.session.execute(text("DELETE FROM news_article"))
    after = moment()
    write(app, "paris", "Written after the damage")
    archived(app, state / "wal")
    return Past(app, server, state / "backup", state / "wal", before_backup, good, then, after)


def deployment(server, services, files):
    url = make_url(server.url)
    config = replace(
        services,
        database=url,
        web_database=url.set(username="rewound_web", password="w"),
        platform_database=url.set(username="rewound_platform", password="p"),
        files_dir=files,
    )
    app = create_app(config)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    jobs.discard_nudges()
    cities.make_schemas(app)
    cities.fresh(app)
    return app


def moment():
    """Return a moment that lies between what was committed before and what is committed after."""
    time.sleep(0.05)
    found = now()
    time.sleep(0.05)
    return found


@contextmanager
def inside(app, slug):
    with app.test_request_context(), serving(resolve.city_by_slug(slug)):
        kept = False
        try:
            yield
            kept = True
        finally:
            end_transaction(keep=kept)


def write(app, slug, title):
    with inside(app, slug):
        news.create(Draft(title={"fr": title, "hu": title}))


def titles(app, slug):
    with inside(app, slug):
        return sorted(title["fr"] for title in db.session.scalars(select(Article.title)))


def content(app, city_id):
    """Return a checksum of the rows of each table of a city, but for logs of what was done to it."""
    name = f"c_{city_id}"
    rows = """SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM "{}"."{}" t"""
    with app.app_context(), schema.owner_transaction() as owner:
        tables = owner.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = :s"), {"s": name})
        kept = [table for table in tables if table not in ("audit_entry", "module_revision")]
        return {table: owner.scalar(text(rows.format(name, table))) for table in kept}


def archived(app, wal):
    """Wait until all that was written lies in the archive."""
    with app.app_context(), schema.owner_transaction() as owner:
        last = owner.scalar(text("SELECT pg_walfile_name(pg_current_wal_lsn())"))
        owner.execute(text("SELECT pg_switch_wal()"))
    eventually((wal / last).exists, what="the archived WAL")
