"""The database and Redis that tests run against: real ones, thrown away at the end."""

import importlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def throw_away_services() -> Iterator[tuple[str, str]]:
    """Yield (database URL, Redis URL); `TEST_DATABASE_URL` and `TEST_REDIS_URL` name other servers to use."""
    given = os.environ.get("TEST_DATABASE_URL"), os.environ.get("TEST_REDIS_URL")
    if given[0] and given[1]:
        yield given[0], given[1]
        return
    embedded = importlib.import_module("devstack.services")
    # In memory when there is room; what a killed run left behind is removed here as well.
    state = embedded.scratch_dir()
    database, cache = embedded.Postgres(state, durable=False), embedded.Valkey(state, durable=False)
    try:
        database.start()
        cache.start()
        yield database.url, cache.url
    finally:
        cache.stop()
        database.stop()
        shutil.rmtree(state, ignore_errors=True)
