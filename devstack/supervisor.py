"""Keep servers and processes alive: whatever dies is started again, with growing pauses."""

import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .services.errors import StackError
from .services.process import tail
from .terminal import say

MOST_FALLS = 5
WITHIN_SECONDS = 60.0
FIRST_PAUSE = 0.5


class Unit(Protocol):
    """What can be watched: PostgreSQL, Valkey, or a process of the product."""

    @property
    def name(self) -> str:
        """Say what it is called on the terminal."""

    @property
    def log(self) -> Path:
        """Say where its words go."""

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """Return the process that runs now."""

    def start(self, *, give_up: Callable[[], bool]) -> object:
        """Start it (again)."""


@dataclass
class Watch:
    """A unit, when it fell lately, and when it is started again."""

    unit: Unit
    falls: deque[float] = field(default_factory=deque)
    due: float | None = None


@dataclass
class Supervisor:
    """Watch units; `step` is called again and again from the main thread."""

    give_up: Callable[[], bool] = lambda: False
    watched: list[Watch] = field(default_factory=list)

    def watch(self, unit: Unit) -> None:
        """Take care of a unit that has just been started."""
        self.watched.append(Watch(unit))

    def fallen(self) -> Unit | None:
        """Return a unit that has ended, for a start in which nothing may end."""
        return next((watch.unit for watch in self.watched if _has_ended(watch.unit)), None)

    def step(self) -> None:
        """Notice what has ended and start again what is due; raise when something falls too often."""
        now = time.monotonic()
        for watch in self.watched:
            if watch.due is not None and now >= watch.due:
                watch.due = None
                watch.unit.start(give_up=self.give_up)
                say(f"  {watch.unit.name} runs again.")
            elif watch.due is None and _has_ended(watch.unit):
                _plan(watch, now)


def _plan(watch: Watch, now: float) -> None:
    while watch.falls and now - watch.falls[0] > WITHIN_SECONDS:
        watch.falls.popleft()
    if len(watch.falls) >= MOST_FALLS:
        raise StackError(
            f"{watch.unit.name} ended {MOST_FALLS + 1} times within a minute. {last_words(watch.unit)}"
        )
    pause = FIRST_PAUSE * 2 ** len(watch.falls)
    watch.falls.append(now)
    watch.due = now + pause
    say(f"  {watch.unit.name} {_how_it_ended(watch.unit)}; it is started again in {pause:g} s.")


def last_words(unit: Unit) -> str:
    """Quote the end of a unit's log."""
    return f"The end of {unit.log}:\n{tail(unit.log, 12)}"


def _has_ended(unit: Unit) -> bool:
    return unit.process is not None and unit.process.poll() is not None


def _how_it_ended(unit: Unit) -> str:
    code = unit.process.returncode if unit.process is not None else 0
    return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
