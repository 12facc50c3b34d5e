"""How many requests of one city a web process serves at a time: most of its threads, never all of them."""

import threading
from collections import Counter
from collections.abc import Callable

# Nearly every page is done by then; who has to wait for longer waits for pages that hang.
PATIENCE_SECONDS = 1.0


class Seats:
    """The threads of one process, `most` of which one city may have.

    A request too many waits a moment for one of its city's to end, and holds the last thread for so long. When none
    does, later ones are turned away at once until one has: so others wait for that moment once, not once a request.
    """

    def __init__(self, most: int, patience: float = PATIENCE_SECONDS) -> None:
        self._most, self._patience = most, patience
        self._taken: Counter[str] = Counter()
        self._stuck: set[str] = set()
        self._changed = threading.Condition()

    def take(self, city_id: str) -> bool:
        """Take a seat for a request; False when the city has all that it may have and none becomes free."""
        with self._changed:
            if self._taken[city_id] >= self._most and not self._becomes_free(city_id):
                return False
            self._taken[city_id] += 1
            return True

    def leave(self, city_id: str) -> None:
        """Give a seat back."""
        with self._changed:
            self._taken[city_id] -= 1
            if not self._taken[city_id]:
                del self._taken[city_id]
            self._stuck.discard(city_id)
            self._changed.notify_all()

    def _becomes_free(self, city_id: str) -> bool:
        if city_id in self._stuck:
            return False
        is_free: Callable[[], bool] = lambda: self._taken[city_id] < self._most  # noqa: E731
        if self._changed.wait_for(is_free, self._patience):
            return True
        self._stuck.add(city_id)
        return False


def share_of(threads: int) -> int:
    """Return how many of a process's threads one city may have: three quarters, and all where there is only one."""
    return max(1, threads * 3 // 4)
