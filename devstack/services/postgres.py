"""A private PostgreSQL that listens on a Unix socket alone."""

import contextlib
import hashlib
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .account import pick_account
from .binaries import postgres_home, reachable_home
from .cluster import OWNER, Programs, ensure_cluster, plain_env
from .errors import StackError
from .process import IS_LINUX, end, spawn, tail

_PORT = "5432"
_SOCKET_FILE = f".s.PGSQL.{_PORT}.lock"
# sun_path holds 104 bytes on macOS and 108 on Linux, with the closing zero.
_SOCKET_LIMIT = 103
_SETTINGS = {
    "listen_addresses": "",
    "port": _PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # A city's schema is created and dropped in one transaction that locks each of its tables.
    "max_locks_per_transaction": "256",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass
class Postgres:
    """One cluster in `state`; `durable=False` trades safety for speed, for tests."""

    state: Path
    durable: bool = True
    dbname: str = "parvis"
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    name = "PostgreSQL"

    def __post_init__(self) -> None:
        account = pick_account()
        home, version = postgres_home()
        home = reachable_home(home, version, account=account, state=self.state)
        self.programs = Programs(home, version, account)
        # A new major version starts a new cluster instead of failing on the old one.
        self.data = self.state / f"pg{self.programs.major}"
        self.socket_dir = self._choose_socket_dir()
        self.log = self.state / "postgres.log"

    @property
    def url(self) -> str:
        """Return the address for SQLAlchemy; psycopg and psql take it without `+psycopg`."""
        return f"postgresql+psycopg://{OWNER}@/{self.dbname}?host={self.socket_dir}"

    def start(self, timeout: float = 120, *, give_up: Callable[[], bool] = lambda: False) -> "Postgres":
        """Make the cluster and the database if need be, and return when the server accepts connections."""
        self._make_socket_dir()
        ensure_cluster(self.data, self.programs, durable=self.durable)
        deadline = time.monotonic() + timeout
        let_go = time.monotonic() + min(timeout, 10)
        while not self._run_until_ready(deadline, give_up):
            said = tail(self.log, 4)
            # A killed predecessor may take a moment to let go of the directory and its memory.
            held = "postmaster.pid" in said or "still in use" in said
            if not held or time.monotonic() > let_go or give_up():
                raise StackError(f"PostgreSQL did not start. Its log says:\n{tail(self.log)}")
            time.sleep(0.3)
        self.ensure_database()
        return self

    def _run_until_ready(self, deadline: float, give_up: Callable[[], bool]) -> bool:
        options = _SETTINGS | {"unix_socket_directories": str(self.socket_dir)}
        if IS_LINUX:
            options["recovery_init_sync_method"] = "syncfs"
        options |= ({} if self.durable else _THROWAWAY) | self.settings
        command: list[str | Path] = [self.programs.home / "bin/postgres", "-D", self.data]
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        self.process = spawn(command, log=self.log, account=self.programs.account.switch, env=plain_env())
        while self.process.poll() is None:
            if self._is_ready(self.process.pid):
                return True
            if time.monotonic() > deadline or give_up():
                self.stop()
                raise StackError(f"PostgreSQL was not ready in time. Its log says:\n{tail(self.log)}")
            time.sleep(0.02)
        return False

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and int(lines[0]) == pid and lines[7].strip() == "ready"
        except (OSError, ValueError):
            return False

    def _choose_socket_dir(self) -> Path:
        # A checkout may lie too deep for a socket, or on a file system without sockets.
        digest = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:10]
        name = f"parvis-{self.programs.account.uid}-{digest}"
        places = [] if self.durable else [self.state / "socket"]
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        if runtime and not self.programs.account.is_other and os.access(runtime, os.W_OK):
            places.append(Path(runtime) / name)
        fitting = (place for place in places if len(os.fsencode(place / _SOCKET_FILE)) <= _SOCKET_LIMIT)
        return next(fitting, Path("/tmp") / name)  # noqa: S108

    def _make_socket_dir(self) -> None:
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        found = self.socket_dir.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), self.programs.account.uid):
            raise StackError(
                f"{self.socket_dir} belongs to somebody else; PostgreSQL's socket has to lie there."
            )
        self.programs.account.own(self.socket_dir)

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the owner and return what it prints, unaligned and without headers."""
        where = ("-h", self.socket_dir, "-p", _PORT, "-U", OWNER, "-d", database)
        answer = self.programs.call("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *where, text=sql)
        if answer.returncode:
            raise StackError(answer.stderr.strip())
        return answer.stdout.strip()

    def ensure_database(self, name: str | None = None) -> None:
        """Create the database unless it exists."""
        wanted = name or self.dbname
        if not self.psql(f"select 1 from pg_database where datname = '{wanted}'"):  # noqa: S608
            self.psql(f'create database "{wanted}"')

    def stop(self, timeout: float = 20) -> None:
        """End sessions, write a checkpoint and stop."""
        if self.process is not None:
            end(self.process, (signal.SIGINT, timeout), (signal.SIGQUIT, 5))
            # Empty after our own server's end; the socket of another server that has the data stays.
            with contextlib.suppress(OSError):
                self.socket_dir.rmdir()
        self.process = None
