"""The application as tests run it: on servers of its own, with mails in a folder, asking nobody outside."""

from pathlib import Path

from flask import Flask

from app.core import config as configuration
from app.core import jobs
from app.factory import create_app
from app.services import outbound
from app.testing import cities
from app.testing.browsers import Browser
from app.testing.names import numbers_alone


def environment(database: str, cache: str, folder: Path) -> dict[str, str]:
    """Return what the product is told through its environment."""
    return {
        "DATABASE_URL": database,
        "REDIS_URL": cache,
        "MAIL_URL": f"file://{folder / 'mail'}",
        "FILES_DIR": str(folder / "files"),
        "PORT": "8000",
        # Nobody answers there: no test asks the world's name servers.
        "DNS_SERVERS": "127.0.0.1:9",
        # Servers that tests start; every other address of the inside is refused as usual.
        "OUTBOUND_ALLOW": "127.0.0.1",
    }


def make(settings: configuration.Config) -> Flask:
    """Return the application with two cities made."""
    app = create_app(settings)
    app.test_client_class = Browser
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions[outbound.RESOLVER] = numbers_alone
    jobs.discard_nudges()
    cities.make_schemas(app)
    return app
