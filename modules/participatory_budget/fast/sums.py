"""How often each project was given each mark: all that votes, scores and grades are made of."""

from collections.abc import Iterable

import numpy as np

from .columns import Columns

Marked = dict[int, dict[int, int]]
"""How many ballots give each project each mark: by its number, then by the mark."""
_MARKS = 65_536


def marked(found: Columns) -> Marked:
    """Count the marks of ballots."""
    if found.marks is None:
        times = np.bincount(found.numbers)
        return {int(number): {1: int(times[number])} for number in np.flatnonzero(times)}
    keys, counts = np.unique(found.numbers.astype(np.int64) * _MARKS + found.marks, return_counts=True)
    sums: Marked = {}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        sums.setdefault(key // _MARKS, {})[key % _MARKS] = count
    return sums


def added(parts: Iterable[Marked]) -> Marked:
    """Return the sums of the parts that a contest was counted in."""
    sums: Marked = {}
    for part in parts:
        for number, given in part.items():
            mine = sums.setdefault(number, {})
            for mark, count in given.items():
                mine[mark] = mine.get(mark, 0) + count
    return sums
