"""Who can still win beside those who have won: projects that exclude each other, and the most that can win."""

from collections.abc import Collection, Iterable


class Places:
    """The winners so far, and whom they shut out."""

    def __init__(
        self, exclusive: Iterable[Collection[int]] = (), most: int | None = None, won: Collection[int] = ()
    ) -> None:
        self._groups = [frozenset(group) for group in exclusive]
        self._most = most
        self._before = frozenset(won)
        self._winners: set[int] = set()
        self._rival: dict[int, int] = {}
        for number in sorted(self._before):
            self._shut_out(number)

    def again(self) -> "Places":
        """Return the places as they were before anybody won here."""
        return Places(self._groups, self._most, self._before)

    @property
    def full(self) -> bool:
        """Tell whether as many have won as can."""
        return self._most is not None and len(self._winners) >= self._most

    def rival_of(self, number: int) -> int | None:
        """Return the winner that shuts a project out."""
        return self._rival.get(number)

    def is_open_to(self, number: int) -> bool:
        """Tell whether a project can win."""
        return not self.full and number not in self._rival

    def take(self, number: int) -> None:
        """Let a project win."""
        self._winners.add(number)
        self._shut_out(number)

    def _shut_out(self, number: int) -> None:
        for group in self._groups:
            if number in group:
                for other in group - {number}:
                    self._rival.setdefault(other, number)
