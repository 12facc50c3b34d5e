"""Amounts that are counted in this process and told to the others every two seconds.

Nobody waits for the telling, and a process that is killed takes two seconds of amounts with it.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from app.core.redis import RedisError

FLUSH_SECONDS = 2.0
K = TypeVar("K", bound=Hashable)


class Gathering(Generic[K]):
    """What this process has counted and the others do not know yet."""

    def __init__(self, tell: Callable[[Mapping[K, float]], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._pid = os.getpid()
        self._pending: Counter[K] = Counter()
        self._timer: threading.Timer | None = None

    def add(self, amounts: Iterable[tuple[K, float]]) -> None:
        """Count; the first of a while sets the clock for telling."""
        with self._lock:
            if self._pid != os.getpid():
                # A forked process has its parent's amounts, which the parent will tell, and no timer.
                self._begin_anew()
            for key, amount in amounts:
                self._pending[key] += amount  # type: ignore[assignment]
            if self._timer is None:
                self._timer = threading.Timer(FLUSH_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def waiting(self, key: K) -> float:
        """Return how much of one thing has not been told yet."""
        return self._pending[key]

    def flush(self) -> None:
        """Tell the others; what they cannot be told now is told later."""
        with self._lock:
            pending, self._pending, self._timer = self._pending, Counter(), None
        if not pending:
            return
        try:
            self._tell(pending)
        except RedisError:
            with self._lock:
                self._pending.update(pending)
