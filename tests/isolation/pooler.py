"""PgBouncer in transaction mode in front of the tests' server: a free port, two server processes for each login."""

import os
import shutil
import signal
import time
from pathlib import Path

import psycopg
import pytest

from devstack.services.account import pick_account
from devstack.services.process import end, free_port, spawn

PLACES = ("/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer", "/usr/local/bin/pgbouncer")
POOL_SIZE = 2
START_SECONDS, STOP_SECONDS = 10.0, 3.0
SETTINGS = """
[databases]
{database} = host={host} port={port} dbname={database} pool_size={size}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
max_client_conn = 200
"""


def binary():
    """Return where PgBouncer is; a test that needs it is skipped without, or fails where it is required."""
    known = (os.environ.get("PGBOUNCER"), shutil.which("pgbouncer"), *PLACES)
    found = next((place for place in known if place and Path(place).exists()), None)
    if found is None and os.environ.get("REQUIRE_PGBOUNCER") == "1":
        pytest.fail("PgBouncer is not installed: apt-get install pgbouncer")
    if found is None:
        pytest.skip("PgBouncer is not installed (apt-get install pgbouncer); nothing is proved of it here")
    return found


class Pooler:
    """One PgBouncer for the logins of a deployment."""

    def __init__(self, folder, config):
        self.folder, self.config, self.port = Path(folder), config, free_port()
        self.process = None

    def start(self):
        """Return when it takes connections."""
        program, account = binary(), pick_account()
        names = [self.config.database, self.config.web_database, self.config.platform_database]
        users = self.folder / "users.txt"
        users.write_text("".join(f'"{url.username}" "{url.password or ""}"\n' for url in names))
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(
            SETTINGS.format(
                database=self.config.database.database,
                host=self.config.database.query.get("host") or self.config.database.host,
                port=self.config.database.port or 5432,
                size=POOL_SIZE,
                own_port=self.port,
                users=users,
            )
        )
        if account.is_other:
            for path in (self.folder, users, settings):
                os.chown(path, account.uid, account.gid)
        as_other = (account.uid, account.gid) if account.is_other else None
        self.process = spawn([program, settings], log=self.folder / "pgbouncer.log", account=as_other)
        self._wait()

    def through(self, url):
        """Return the address of a login with the pooler in between."""
        return url.set(host="127.0.0.1", port=self.port, query={})

    def stop(self):
        """End it."""
        if self.process is not None:
            end(self.process, (signal.SIGTERM, STOP_SECONDS))

    def _wait(self):
        address = self.through(self.config.database).set(drivername="postgresql")
        limit = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(address.render_as_string(hide_password=False), prepare_threshold=None).close()
            except psycopg.OperationalError:
                said = (self.folder / "pgbouncer.log").read_text()
                assert time.monotonic() < limit, said
                assert self.process.poll() is None, said
                time.sleep(0.05)
            else:
                return
