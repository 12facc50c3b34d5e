"""One application in a process of its own: told which pages to ask for, it answers how long each took.

`python -m benchmarks.runner MODULE:NAME` reads orders as lines of JSON and writes an answer for each.
"""

import gc
import importlib
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import Sample

NAMED = re.compile(rb"City \d{5}")


class Runner:
    """The process, as the measurement sees it."""

    def __init__(self, application: str, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "benchmarks.runner", application]
        self._process = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, path: str, hosts: Sequence[tuple[str, str]]) -> Sample:
        """Ask for a page on each of these hosts; raises when a page does not name its city alone."""
        answer = self._order({"path": path, "hosts": hosts})
        if answer["wrong"]:
            raise SystemExit(f"wrong pages: {answer['wrong']}")
        return Sample(list(answer["wall"]), float(answer["cpu"]))

    def memory(self) -> int:
        """Return the bytes that belong to the process alone."""
        return int(self._order({"memory": True})["memory"])

    def stop(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _order(self, order: Mapping[str, object]) -> dict[str, list[float] | float | int]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the application ended; what it said stands above")
        answer: dict[str, list[float] | float | int] = json.loads(line)
        return answer


def private_memory(pid: int | str = "self") -> int:
    """Return the bytes of memory that are a process's own: neither files nor what servers share among themselves."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) * 1024


def _request(path: str, host: str) -> dict[str, object]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_ACCEPT_LANGUAGE": "en",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _measure(application, path: str, hosts: Sequence[tuple[str, str]]) -> dict[str, object]:  # type: ignore[no-untyped-def]
    wall, wrong = [], []
    cpu = 0.0
    for host, name in hosts:
        request = _request(path, host)
        began, used = time.perf_counter(), time.process_time()
        answer = application(request, lambda *_: None)
        body = b"".join(answer)
        answer.close()
        cpu += time.process_time() - used
        wall.append(time.perf_counter() - began)
        if set(NAMED.findall(body)) != {name.encode()}:
            wrong.append(f"{host}: {body[:200]!r}")
    return {"wall": wall, "cpu": cpu, "wrong": wrong}


def _serve(application_name: str) -> None:
    # What the application prints must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    module, _, name = application_name.partition(":")
    application = getattr(importlib.import_module(module), name)
    for line in sys.stdin:
        order = json.loads(line)
        if "memory" in order:
            gc.collect()
            answer: dict[str, object] = {"memory": private_memory()}
        else:
            answer = _measure(application, order["path"], order["hosts"])
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
