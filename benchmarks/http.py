"""A web server as we deploy it, and a load on it that reads every page."""

import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from benchmarks.measuring import Sample
from benchmarks.runner import NAMED
from devstack.services.process import free_port

CONNECTIONS = 8
GUNICORN = ("-k", "gthread", "-w", "2", "--threads", "4", "--keep-alive", "30", "--no-control-socket")
START_SECONDS = 30.0


class Server:
    """gunicorn with one application, and what was measured on it."""

    def __init__(self, application: str, environment: Mapping[str, str]) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", *GUNICORN, "-b", f"127.0.0.1:{self.port}", application]
        self._process = subprocess.Popen(
            command, env={**environment, "PORT": str(self.port)}, stderr=subprocess.DEVNULL
        )
        self.times, self._rates = Sample(), [0.0]
        self.forget()
        _wait_for(self.port)

    def load(self, path: str, hosts: Sequence[tuple[str, str]], seconds: float) -> None:
        """Ask for a page on these hosts, on several connections at once, for a while."""
        found, took = load(self.port, path, hosts, seconds)
        self.times.add(found)
        self._rates.append(len(found.wall) / took)

    def forget(self) -> None:
        """Begin another measurement."""
        self.times, self._rates = Sample(), []

    @property
    def median_rate(self) -> float:
        """Return the requests a second in the middle of all rounds."""
        return statistics.median(self._rates)

    @property
    def best_rate(self) -> float:
        """Return the requests a second in the least disturbed round."""
        return max(self._rates)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


@dataclass
class _Visitor:
    """One connection, which asks for a page when it has read the one before."""

    socket: socket.socket
    name: str = ""
    began: float = 0.0
    read: bytearray = field(default_factory=bytearray)

    def ask(self, path: str, host: tuple[str, str]) -> None:
        """Send the next request."""
        self.name = host[1]
        self.read.clear()
        self.began = time.perf_counter()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {host[0]}\r\nAccept-Language: en\r\n\r\n".encode())

    def has_answer(self) -> bool:
        """Read what has come; tells whether the page is whole. Raises when it is not the page that was asked for."""
        came = self.socket.recv(65536)
        if not came:
            raise SystemExit("the server hung up")
        self.read += came
        head, gap, body = self.read.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(bytes(head)):
            return False
        if b" 200 " not in head[:20] or set(NAMED.findall(body)) != {self.name.encode()}:
            raise SystemExit(f"a wrong page for {self.name}: {bytes(self.read[:2000])!r}")
        return True


def load(port: int, path: str, hosts: Sequence[tuple[str, str]], seconds: float) -> tuple[Sample, float]:
    """Return how long each request took, and how long all of them."""
    waiting = selectors.DefaultSelector()
    following = cycle(hosts)
    visitors = [_Visitor(socket.create_connection(("127.0.0.1", port))) for _ in range(CONNECTIONS)]
    found = Sample()
    began = time.perf_counter()
    for visitor in visitors:
        waiting.register(visitor.socket, selectors.EVENT_READ, visitor)
        visitor.ask(path, next(following))
    for visitor in _answered(waiting):
        moment = time.perf_counter()
        found.wall.append(moment - visitor.began)
        if moment - began < seconds:
            visitor.ask(path, next(following))
        else:
            waiting.unregister(visitor.socket)
            visitor.socket.close()
    return found, time.perf_counter() - began


def _answered(waiting: selectors.BaseSelector) -> Iterator[_Visitor]:
    while waiting.get_map():
        for key, _ready in waiting.select():
            if key.data.has_answer():
                yield key.data


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the web server did not start")
