"""A deployment whose processes are killed: the data of its servers is kept as in production."""

import shutil
from collections.abc import Iterator

import pytest

from devstack.services import scratch_dir
from tests.deployment import Deployment


@pytest.fixture(scope="package")
def deployment() -> Iterator[Deployment]:
    """Web, worker, beat, PostgreSQL and Valkey, for these tests alone."""
    state = scratch_dir()
    made = Deployment(state, durable=True)
    try:
        yield made.start()
    finally:
        made.stop()
        shutil.rmtree(state, ignore_errors=True)
