"""What the product is told through environment variables."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from .checkout import ROOT, secret_key
from .services.errors import StackError
from .services.process import free_port
from .terminal import say

DEFAULT_PORT = 8000
_SHARED = "environment.json"


def names_a(variable: str) -> bool:
    """Tell whether the variable names a real server, so that we start none of our own."""
    return bool(os.environ.get(variable))


def complete(state: Path, services: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with the addresses of the private servers and what is still unset."""
    given = {key: value for key, value in os.environ.items() if value}
    if "DATABASE_URL" in services:
        # PGHOST, PGPORT and their like in somebody's shell are meant for another server.
        given = {key: value for key, value in given.items() if not key.startswith("PG")}
    for folder in ("mail", "files"):
        (state / folder).mkdir(mode=0o700, exist_ok=True)
    defaults = {
        "SECRET_KEY": secret_key(state),
        "BASE_DOMAIN": "parvis.localhost",
        "PUBLIC_SCHEME": "http",
        "PORT": str(DEFAULT_PORT),
        "MAIL_URL": (state / "mail").resolve().as_uri(),
        "SMS_URL": (state / "mail").resolve().as_uri(),
        "FILES_DIR": str((state / "files").resolve()),
        "PYTHONUNBUFFERED": "1",
    }
    paths = {
        # The interpreter's own commands and the packages of the checkout come first.
        "PATH": _prepended(str(Path(sys.executable).parent), given.get("PATH")),
        "PYTHONPATH": _prepended(str(ROOT), given.get("PYTHONPATH")),
    }
    return defaults | given | paths | dict(services)


def _prepended(first: str, rest: str | None) -> str:
    return os.pathsep.join([first, rest]) if rest else first


def share(state: Path, env: Mapping[str, str]) -> None:
    """Keep the environment of the running stack for commands in other terminals."""
    file = state / _SHARED
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(dict(env)))


def shared(state: Path) -> dict[str, str] | None:
    """Return the environment of the running stack, once it has started."""
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads((state / _SHARED).read_text())
        return {str(key): str(value) for key, value in kept.items()}
    return None


def forget(state: Path) -> None:
    """Forget what was shared."""
    (state / _SHARED).unlink(missing_ok=True)


def choose_port(*, lately_ours: bool) -> int:
    """Return PORT when it is free, else the next free one, and say so.

    A web process that was just killed gets a moment to let go of its port.
    """
    wanted = wanted_port()
    deadline = time.monotonic() + (5 if lately_ours else 0)
    while (port := free_port(wanted)) != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    if port != wanted:
        say(f"  Port {wanted} is taken; using {port}.")
    return port


def wanted_port() -> int:
    """Return PORT, or the usual one."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise StackError(f"PORT has to be a number between 1 and 65535, not '{text}'.")
