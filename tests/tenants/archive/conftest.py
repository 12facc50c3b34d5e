"""A city full of awkward rows, and a second deployment: another database, secret key, domain and folder."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app.accounts.models import Account, AccountSession, Role
from app.core import jobs
from app.core.audit import audit
from app.core.db import db, end_transaction
from app.factory import create_app
from app.web.settings import ModuleSettings
from modules.news.models import Article
from tenants import schema, setup
from tenants.models import Domain, Quota

NASTY = (
    "",
    "\\.",
    "\\N",
    "NULL",
    '"',
    "a,b\r\nc\n\td",
    "Ő𝄞\u202e\u00a0\u200b",
    " spaces ",
    "'; DROP TABLE account; --",
    "\x01\x7f",
)
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="session")
def elsewhere(whole_app, services, tmp_path_factory):
    """Another deployment on the same server."""
    name = "elsewhere"
    owner = create_engine(services.database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    url = services.database.set(database=name)
    config = replace(
        services,
        database=url,
        web_database=url.set(username="elsewhere_web", password="w"),
        platform_database=url.set(username="elsewhere_platform", password="p"),
        secret_key="the secret of another deployment",
        base_domain="elsewhere.localhost",
        files_dir=tmp_path_factory.mktemp("elsewhere"),
    )
    app = create_app(config)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    jobs.discard_nudges()
    with app.app_context():
        setup.prepare(lambda _line: None)
    return app


@pytest.fixture
def there(app, elsewhere):
    """Work on the other deployment, which has no cities."""
    with elsewhere.app_context():
        with schema.owner_transaction() as connection:
            found = list(
                connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'c\\_%'"))
            )
        for name in found:
            schema.drop(name.removesuffix("_before"))
        with schema.owner_transaction() as connection:
            connection.exec_driver_sql("TRUNCATE platform.city, platform.erasure, platform.operation CASCADE")
    return elsewhere


@pytest.fixture
def paris(app, in_city):
    """The id of a city with rows in its tables, uploads, domains and quotas."""
    with in_city("paris"):
        for number, words in enumerate(NASTY):
            person = Account(
                id=UUID(int=number + 1),
                email=f"person{number}@example.org",
                name=words[:120],
                password_hash=f"$argon2id${number}" if number else None,
                language="fr",
                role=Role.ADMINISTRATOR if number == 0 else Role.RESIDENT,
                created_at=NOON,
            )
            db.session.add(person)
            db.session.flush()
            db.session.add(
                AccountSession(
                    secret_hash=f"{number:064}", account_id=person.id, created_at=NOON, seen_at=NOON
                )
            )
            db.session.add(
                Article(
                    title={"fr": words, "en": "x" * number},
                    body={"hu": words},
                    picture=None if number % 2 else "",
                    author_id=str(person.id),
                    created_at=NOON,
                    updated_at=NOON,
                )
            )
            audit("news.published", subject=words[:160], number=number)
        db.session.add(ModuleSettings(module="news", values={"z": 1, "a": "ő", "per_page": 1.5e300}))
        for host in ("ville.example", "paris.example"):
            db.session.add(Domain(host=host, city_id="testparis", verified=True, added_at=NOON))
        db.session.add(Quota(city_id="testparis", resource="accounts", most=5_000_000_000))
    folder = app.config["PARVIS"].files_dir / "testparis"
    folder.mkdir(parents=True)
    for name, content in (("b" * 40 + ".webp", b"\0\xff" * 5000), ("a" * 40 + ".webp", b"")):
        (folder / name).write_bytes(content)
    (folder / ".being-written").write_bytes(b"half")
    return "testparis"


@pytest.fixture
def commit(app):
    """Do something in an application's context and commit."""

    @contextmanager
    def enter(where=None):
        with (where or app).app_context():
            kept = False
            try:
                yield
                kept = True
            finally:
                end_transaction(keep=kept)

    return enter
