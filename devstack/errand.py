"""A command that is run to its end while the stack starts."""

import signal
import subprocess
from collections.abc import Mapping, Sequence

from .checkout import ROOT
from .services.errors import StackError
from .services.process import follow_parent
from .terminal import say


class Errand:
    """A Python module of ours with its words, started at once; `finish` waits for it."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._name = name
        self._process = subprocess.Popen(
            command,
            env=env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=follow_parent(signal.SIGTERM),  # noqa: PLW1509
        )

    def finish(self) -> None:
        """Show what the command says until it ends; raise when it fails."""
        for line in self._process.stdout or ():
            # A step of its own stands under ours; what a step says stands further to the right.
            say(line.rstrip() if line.startswith("  ") else f"    {line.rstrip()}")
        if self._process.wait():
            raise StackError(f"{self._name} failed, see above.")

    def break_off(self) -> None:
        """Ask the command to end early."""
        if self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Make sure that it has ended."""
        self.break_off()
        self._process.wait(10)
