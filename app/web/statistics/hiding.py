"""Small numbers are about people: which ones are not shown, so that none of them follows from the others. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
"""The smallest number of people that is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Numbers as they are shown with their total; None for what is hidden."""

    numbers: Sequence[int | None]
    total: int | None

    @property
    def hides(self) -> bool:
        """Tell whether anything is hidden."""
        return self.total is None or None in self.numbers


def shown(numbers: Sequence[int], least: int = LEAST) -> Shown:
    """Return the numbers without those from 1 to `least` - 1, and without as many others as it takes.

    Whoever knows the total and all that is shown must not be able to tell a hidden number: each of them could be
    anything from 1 to `least` at least. The smallest of the others go first; where they are too few, the total goes.
    """
    total = sum(numbers)
    hidden = {place for place, number in enumerate(numbers) if 0 < number < least}
    if not hidden:
        return Shown(list(numbers), total)
    others = sorted((number, place) for place, number in enumerate(numbers) if number >= least)
    while others and not _is_safe([numbers[place] for place in hidden], least):
        hidden.add(others.pop(0)[1])
    safe = _is_safe([numbers[place] for place in hidden], least)
    kept = [None if place in hidden else number for place, number in enumerate(numbers)]
    return Shown(kept, total if safe else None)


def _is_safe(hidden: Sequence[int], least: int) -> bool:
    """Tell whether the sum of what is hidden leaves each of them open."""
    return len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= least
