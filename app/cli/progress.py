"""How far long work has come: one line that changes on a terminal, plain lines now and then elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self, TextIO

ON_TERMINAL_SECONDS = 0.1
ELSEWHERE_SECONDS = 10.0


class Progress:
    """Written to standard error, so that what a command prints for programs stays clean."""

    def __init__(self, things: str, out: TextIO | None = None) -> None:
        self._things, self._out = things, out or sys.stderr
        self._terminal = self._out.isatty()
        self._began = self._shown = time.monotonic()
        self._line = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._terminal and self._line:
            self._write(f"\r\x1b[K{self._line}\n")

    def show(self, done: int, total: int, failed: int = 0) -> None:
        """Tell how many are done; most calls print nothing."""
        moment = time.monotonic()
        self._line = line(self._things, done, total, failed, seconds=moment - self._began)
        pause = ON_TERMINAL_SECONDS if self._terminal else ELSEWHERE_SECONDS
        if moment - self._shown >= pause:
            self._shown = moment
            self._write(f"\r\x1b[K{self._line}" if self._terminal else f"{self._line}\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def line(things: str, done: int, total: int, failed: int, *, seconds: float) -> str:
    """Return the line: how many of how many, how fast, how long it will still take, how many failed."""
    rate = done / seconds if seconds > 0 else 0.0
    left = f", {duration((total - done) / rate)} left" if rate and done < total else ""
    lost = f", {failed} failed" if failed else ""
    share = f"{100 * done // total} %" if total else "100 %"
    return f"{done} of {total} {things} ({share}), {rate:.1f} a second{left}{lost}"


def duration(seconds: float) -> str:
    """Return a time as people say it: `40 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
