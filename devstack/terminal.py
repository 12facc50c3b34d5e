"""What the person at the terminal sees: one line a step, with its seconds."""

import contextlib
import os
import select
import sys
import threading
import time
from collections.abc import Iterator

_COLOURS = {"web": 36, "worker": 33, "beat": 35}
_WIDTH = 46

_output_gone = threading.Event()


def is_gone() -> bool:
    """Tell whether nobody can read any more: the terminal is closed, or the end of the pipe."""
    if not _output_gone.is_set():
        with contextlib.suppress(OSError, ValueError):
            watch = select.poll()
            watch.register(sys.stdout.fileno(), 0)
            # macOS cannot poll a terminal and answers POLLNVAL, which says nothing.
            if any(events & (select.POLLHUP | select.POLLERR) for _, events in watch.poll(0)):
                _output_gone.set()
    return _output_gone.is_set()


def say(text: str = "") -> None:
    """Print a line; remember it when nobody is there to read any more."""
    try:
        print(text, flush=True)
    except OSError:
        # EIO: the terminal is gone and no SIGHUP came; EPIPE: `make run | head`.
        _output_gone.set()


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
