"""Voters who surely have enough for whatever they will be asked: they are counted, and not followed one by one.

Let each project have a price. A voter whose share is at least the prices of all her projects together has, as long as
no purchase asks more than its price, at any moment the price of each of her projects that is not bought: she has paid
at most the prices of the others. So she always pays in full, like all who are like her, and what they have left
together follows from how many of them name each project, and how many name it beside each purchase.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from .columns import Mask, Numbers

MOST_PROJECTS = 2000
"""With more projects nobody is taken for solvent: the table of pairs would be too large."""
_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Solvent:
    """What is known of such voters, each of whom can pay the prices of all her projects."""

    prices: Mapping[int, float]
    """The price of each project; without a limit where nobody who names it is among them."""
    places: Mapping[int, int]
    """The line and column of each project in the table."""
    beside: Numbers
    """How many name one project and the other; where both are the same, how many name it."""

    @classmethod
    def none(cls, projects: Sequence[int]) -> "Solvent":
        """Return what is known of nobody."""
        places = {number: place for place, number in enumerate(sorted(set(projects)))}
        lines = len(places) if len(places) <= MOST_PROJECTS else 0
        return cls(dict.fromkeys(places, inf), places, np.zeros((lines, lines), np.int64))

    def voters(self, number: int) -> int:
        """Return how many name a project."""
        place = self.places[number]
        return int(self.beside[place, place]) if self.beside.size else 0


def counted_beside(
    numbers: npt.NDArray[np.uint16], sizes: Numbers, times: Numbers, wanted: Mask, places: Mapping[int, int]
) -> Numbers:
    """Return the table for some ballots: how many voters name each pair of projects."""
    lines = len(places)
    table = np.zeros(lines * lines)
    place_of = np.zeros(65_536, np.int32)
    place_of[list(places)] = list(places.values())
    which = place_of[numbers[np.repeat(wanted, sizes)]]
    sizes, times = sizes[wanted], times[wanted]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    for begin in range(0, len(sizes), _AT_ONCE):
        end = min(begin + _AT_ONCE, len(sizes))
        some = which[starts[begin] : starts[end]]
        named = np.repeat(starts[begin + 1 : end + 1] - starts[begin], sizes[begin:end])
        voters = np.repeat(times[begin:end], sizes[begin:end]).astype(np.float64)
        first = np.arange(len(some))
        apart = 0
        while len(first):
            table += np.bincount(some[first] * lines + some[first + apart], voters[first], lines * lines)
            apart += 1
            first = first[first + apart < named[first]]
    half = table.reshape(lines, lines).astype(np.int64)
    return half + half.T - np.diag(np.diag(half))
