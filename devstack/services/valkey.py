"""A private Valkey on a loopback port, with a password of its own."""

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .binaries import valkey_server
from .errors import StackError
from .process import end, free_port, spawn, tail

_CONFIG = """\
bind 127.0.0.1
port {port}
dir "{data}"
requirepass {password}
protected-mode yes
save ""
appendonly {appendonly}
appendfsync everysec
maxmemory-policy noeviction
enable-debug-command no
enable-module-command no
"""


@dataclass
class Valkey:
    """One server in `state`; `durable=False` keeps nothing on disk, for tests."""

    state: Path
    durable: bool = True
    port: int = field(default=0, init=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    name = "Valkey"

    def __post_init__(self) -> None:
        self.data = self.state / "valkey"
        self.log = self.state / "valkey.log"
        self.password = secrets.token_urlsafe(18)

    @property
    def url(self) -> str:
        """Return the address for redis-py, Celery and the limits library alike."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, timeout: float = 30, *, give_up: Callable[[], bool] = lambda: False) -> "Valkey":
        """Return when the server answers; a second start keeps port and password."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        deadline = time.monotonic() + timeout
        keeps_port = bool(self.port)
        lock = self._lock(deadline, give_up)
        try:
            # Another process may take the port between choosing and binding.
            for _attempt in range(5):
                self.port = self.port if keeps_port else free_port()
                if self._run_until_ready(lock, deadline, give_up):
                    return self
                if "ddress already in use" not in tail(self.log, 5) or give_up():
                    break
                time.sleep(0.2)
        finally:
            os.close(lock)
        raise StackError(f"Valkey did not start. Its log says:\n{tail(self.log)}")

    def _lock(self, deadline: float, give_up: Callable[[], bool]) -> int:
        # Valkey does not guard its directory; it inherits this lock, which lasts as long as the server.
        handle = os.open(self.data / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > deadline or give_up():
                    os.close(handle)
                    raise StackError(f"Another Valkey still uses {self.data}; end it first.") from None
                time.sleep(0.1)
                continue
            return handle

    def _run_until_ready(self, lock: int, deadline: float, give_up: Callable[[], bool]) -> bool:
        config = self.data / "valkey.conf"
        appendonly = "yes" if self.durable else "no"
        text = _CONFIG.format(port=self.port, data=self.data, password=self.password, appendonly=appendonly)
        config.touch(mode=0o600)
        config.write_text(text)
        self.process = spawn([valkey_server(), config], log=self.log, keep_open=[lock])
        while self.process.poll() is None:
            if self._answers():
                return True
            if time.monotonic() > deadline or give_up():
                self.stop()
                return False
            time.sleep(0.02)
        return False

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    received = connection.recv(200)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        # While it reads its log back, Valkey answers -LOADING instead.
        return b"+PONG" in answer

    def stop(self, timeout: float = 10) -> None:
        """Write what is left and stop."""
        if self.process is not None:
            end(self.process, (signal.SIGTERM, timeout))
        self.process = None
