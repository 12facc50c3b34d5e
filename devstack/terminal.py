"""What the person at the terminal sees: one line a step, with its seconds."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator

_COLOURS = {"web": 36, "worker": 33, "beat": 35}
_WIDTH = 46

output_gone = threading.Event()


def say(text: str = "") -> None:
    """Print a line; remember it when nobody is there to read any more."""
    try:
        print(text, flush=True)
    except OSError:
        # EIO: the terminal is gone and no SIGHUP came; EPIPE: `make run | head`.
        output_gone.set()


def relay(name: str, line: str) -> None:
    """Print what a process says, with its name in front."""
    tag = f"{name:<7}|"
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        tag = f"\033[{_COLOURS.get(name, 37)}m{tag}\033[0m"
    say(f"{tag} {line}")


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Print the title and how long the work under it took; nothing when the work fails."""
    started = time.monotonic()
    yield
    say(f"  {title:<{_WIDTH}} {time.monotonic() - started:6.1f} s")
