"""Two cities with twin content, visited once for all tests that look at what was seen."""

import shutil
import threading

import pytest

from app.core import redis
from app.testing import cities
from app.testing.leaks.suite import go_round


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
