"""Directories and addresses of their own for the servers that these tests start."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.checkout import ROOT
from devstack.services import Postgres, Valkey, scratch_dir


@pytest.fixture
def state() -> Iterator[Path]:
    """A directory that PostgreSQL's account reaches, too."""
    place = scratch_dir()
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def postgres(state: Path) -> Iterator[Postgres]:
    server = Postgres(state, durable=False)
    yield server
    server.stop()


@pytest.fixture
def valkey(state: Path) -> Iterator[Valkey]:
    server = Valkey(state)
    yield server
    server.stop()


@pytest.fixture
def clean_env(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has set nothing."""
    unwanted = ("DATABASE_URL", "REDIS_URL", "WEB_DATABASE_URL", "PLATFORM_DATABASE_URL", "PORT", "MAKEFLAGS")
    env = {key: value for key, value in os.environ.items() if key not in unwanted}
    return env | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def python() -> str:
    return sys.executable
