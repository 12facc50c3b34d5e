"""The product's own processes."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from .child import Child
from .probe import WORKER

CITIES = ("paris", "budapest", "baltimore")
_CELERY = ("-m", "celery", "-A", "worker.main:celery")


def processes(state: Path, env: Mapping[str, str], port: int) -> list[Child]:
    """Return web, worker and beat, not yet started."""
    return [_web(state, env, port), _worker(state, env), _beat(state, env)]


def _web(state: Path, env: Mapping[str, str], port: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:app.gunicorn_conf"]
    command += ["-b", f"127.0.0.1:{port}", "--graceful-timeout", "5", "app.wsgi:app"]
    stops = ((signal.SIGTERM, 8.0),)
    return Child("web", command, env, state / "web.log", stops=stops, orphaned=signal.SIGINT)


def _worker(state: Path, env: Mapping[str, str]) -> Child:
    command = [sys.executable, *_CELERY, "worker", "--pool", "prefork", "-c", "2", "-l", "INFO"]
    command += ["-n", WORKER, "--without-gossip", "--without-mingle"]
    # TERM lets tasks finish; QUIT puts them back into the queue. An orphan is killed, since either
    # signal would wait for a broker that is gone as well; its pool ends with it.
    stops = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 10.0))
    return Child("worker", command, env, state / "worker.log", stops=stops, orphaned=signal.SIGKILL)


def _beat(state: Path, env: Mapping[str, str]) -> Child:
    # Without a pid file: a stale one would block the next start.
    command = [
        sys.executable,
        *_CELERY,
        "beat",
        "-l",
        "INFO",
        "--pidfile=",
        "-s",
        str(state / "beat-schedule"),
    ]
    return Child("beat", command, env, state / "beat.log", stops=((signal.SIGTERM, 5.0),))
