"""Two cities with twin content, visited once for all tests that look at what was seen."""

import shutil
import threading

import pytest

from app.accounts.models import Role
from app.accounts.services import create_confirmed
from app.core import redis
from app.core.context import serving
from app.core.db import end_transaction
from app.core.ids import new_id
from app.testing import cities
from app.testing.leaks.suite import go_round
from tenants import resolve

CITIES = ("paris", "budapest")


@pytest.fixture
def twins(app):
    """The id of one person in each city: the same id, another name."""
    ident = new_id()
    with app.app_context():
        for slug in CITIES:
            with serving(resolve.city_by_slug(slug)):
                account = create_confirmed(
                    f"ada@{slug}.example", f"Ada of {slug}", role=Role.EDITOR, language="en"
                )
                account.id = ident
                end_transaction(keep=True)
    return ident


@pytest.fixture(scope="session")
def visited(whole_app):
    """Every address asked for, every form sent, every task and command run, in two cities with the same ids."""
    cities.fresh(whole_app)
    _let_counts_be_told()
    shutil.rmtree(whole_app.config["PARVIS"].files_dir, ignore_errors=True)
    with whole_app.app_context():
        redis.client().flushdb()
    return go_round(whole_app)


def _let_counts_be_told() -> None:
    """Wait until what earlier tests counted lies in Redis, so that none of it arrives during the visit."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()
