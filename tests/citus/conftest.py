"""A Citus cluster of a coordinator and two workers, where PostgreSQL with the extension can be had.

`CITUS_PG_HOME` names a PostgreSQL (the folder with bin/, lib/ and share/) that Citus is installed in; without it
Debian's folders are searched.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core import config as configuration
from app.core import jobs
from app.factory import create_app
from devstack.services import Postgres, scratch_dir
from tenants import setup

NODES = ("coordinator", "east", "west")
SETTINGS = {
    "shared_preload_libraries": "citus",
    "wal_level": "logical",
    "max_wal_senders": "10",
    "max_prepared_transactions": "200",
    "max_connections": "200",
}


def _home() -> Path | None:
    given = os.environ.get("CITUS_PG_HOME")
    debian = sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True)
    for home in [Path(given)] if given else debian:
        shares = [home / "share", Path("/usr/share/postgresql") / home.name]
        if any(next(share.rglob("citus.control"), None) for share in shares if share.is_dir()):
            return home
    return None


@pytest.fixture(scope="session")
def cluster() -> Iterator[dict[str, Postgres]]:
    """Three servers that know each other; skipped where Citus is not installed."""
    home = _home()
    if home is None:
        pytest.skip("Citus was not found: install it and set CITUS_PG_HOME to that PostgreSQL's folder")
    before = os.environ.get("PG_HOME")
    os.environ["PG_HOME"] = str(home)
    state = scratch_dir()
    nodes = {name: Postgres(state / name, durable=False, settings=SETTINGS) for name in NODES}
    try:
        for node in nodes.values():
            node.state.mkdir(mode=0o711)
            node.start()
            node.psql("CREATE EXTENSION citus", node.dbname)
        _introduce(nodes)
        yield nodes
    finally:
        for node in nodes.values():
            node.stop()
        shutil.rmtree(state, ignore_errors=True)
        os.environ.pop("PG_HOME") if before is None else os.environ.update(PG_HOME=before)


def _introduce(nodes: dict[str, Postgres]) -> None:
    """Nodes find each other by the folders of their sockets."""
    first = nodes["coordinator"]
    first.psql(f"SELECT citus_set_coordinator_host('{first.socket_dir}', 5432)", first.dbname)
    for name in NODES[1:]:
        first.psql(f"SELECT citus_add_node('{nodes[name].socket_dir}', 5432)", first.dbname)


@pytest.fixture(scope="session")
def citus_app(
    cluster: dict[str, Postgres], services: configuration.Config, tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """The product on the coordinator."""
    environment = {
        "DATABASE_URL": cluster["coordinator"].url,
        "REDIS_URL": services.redis_url,
        "FILES_DIR": str(tmp_path_factory.mktemp("citus-files")),
    }
    app = create_app(configuration.read(environment))
    jobs.discard_nudges()
    with app.app_context():
        setup.prepare(lambda _line: None)
    return app
