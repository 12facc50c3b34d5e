"""One process of the product, with a log of its own."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .checkout import ROOT
from .services.process import end, follow_parent, kill_session
from .terminal import relay, say

_LEVEL = re.compile(r"\b(debug|info|warning|error|critical)\b", re.IGNORECASE)
_SHOWN = {"warning", "error", "critical"}


@dataclass
class Child:
    """A command that is started, listened to, and stopped with `stops`: a signal and its seconds, in turn."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    stops: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10),)
    # What the kernel sends when we are killed: the quickest end that the process understands.
    orphaned: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, *, give_up: Callable[[], bool] = lambda: False) -> "Child":
        """Start the command; whatever a killed predecessor left of its pool ends first."""
        if self.process is not None:
            kill_session(self.process)
        if give_up():
            return self
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=follow_parent(self.orphaned),  # noqa: PLW1509
        )
        if self.process.stdout is not None:
            threading.Thread(target=self._listen, args=[self.process.stdout], daemon=True).start()
        return self

    def _listen(self, said: IO[bytes]) -> None:
        # It goes on without a terminal: a child whose pipe nobody empties would stand still.
        shows = Filter()
        with self.log.open("ab") as log:
            for line in said:
                log.write(line)
                log.flush()
                text = line.decode(errors="replace").rstrip("\n")
                if shows(text):
                    relay(self.name, text)

    def ask_to_stop(self) -> None:
        """Send the first signal without waiting, so that several can stop at the same time."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stops[0][0])

    def stop(self, *, hurry: Callable[[], bool] = lambda: False) -> None:
        """Wait for the end, insist, and kill at last."""
        if self.process is not None and end(self.process, *self.stops, hurry=hurry):
            say(f"  {self.name} did not stop in time and was killed.")


class Filter:
    """Choose what a process says that the terminal shows: warnings and worse with what follows them.

    The log has everything; LOGS=1 shows everything too.
    """

    def __init__(self) -> None:
        self._everything = bool(os.environ.get("LOGS"))
        self._shows = False

    def __call__(self, line: str) -> bool:
        """Tell whether the line is shown."""
        if level := _LEVEL.search(line[:200]):
            self._shows = level.group(1).lower() in _SHOWN
        elif line.startswith("Traceback "):
            self._shows = True
        return self._everything or self._shows
