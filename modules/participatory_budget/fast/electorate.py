"""The voters of one envelope, equal ballots together: who supports what, and how many they are."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from .columns import Columns, Numbers

Indices = npt.NDArray[np.intp]


class Electorate:
    """Ballots that name a project which is for sale; the others have no share in the money."""

    def __init__(self, ballots: Columns, times: Numbers, for_sale: Sequence[int]) -> None:
        wanted = np.zeros(65_536, bool)
        wanted[list(for_sale)] = True
        entries = wanted[ballots.numbers]
        owners = np.repeat(np.arange(ballots.ballots), ballots.sizes)[entries]
        numbers = ballots.numbers[entries]
        sizes = np.bincount(owners, minlength=ballots.ballots)
        voting = sizes > 0
        self.times = times[voting]
        """How many voters each ballot stands for."""
        self.starts = np.concatenate(([0], np.cumsum(sizes[voting])))
        self.numbers = numbers
        """The projects of the ballots, one ballot after the other."""
        self.voters = int(self.times.sum())
        place = (np.cumsum(voting) - 1)[owners]
        self.supporters = _by_project(numbers, place, for_sale)
        """The ballots that name each project."""
        self.weights = {n: self.times[found].astype(np.float64) for n, found in self.supporters.items()}
        self.scores = {n: int(self.times[found].sum()) for n, found in self.supporters.items()}

    def bought_by(self, ballots: Indices, kinds: npt.NDArray[np.int16], most: int) -> list[int]:
        """Return how often voters of these ballots name each purchase; `kinds` gives its place for a project, or 0.

        The counts begin with that of the purchase at place 1.
        """
        entries, sizes = self._entries(ballots)
        found = kinds[self.numbers[entries]]
        weights = np.repeat(self.times[ballots], sizes).astype(np.float64)
        counts = np.bincount(found, weights, most + 1)
        return [int(count) for count in counts[1 : most + 1]]

    def histories(
        self, ballots: Indices, kinds: npt.NDArray[np.int16]
    ) -> tuple[list[tuple[int, ...]], Numbers]:
        """Return the different sets of purchases that ballots name, and which of them each ballot has."""
        entries, sizes = self._entries(ballots)
        widest = int(sizes.max())
        found = np.zeros((len(ballots), widest), np.int16)
        found[np.arange(widest) < sizes[:, None]] = kinds[self.numbers[entries]]
        found.sort(axis=1)
        different, which = np.unique(found, axis=0, return_inverse=True)
        return [tuple(kind for kind in one if kind) for one in different.tolist()], which.reshape(-1)

    def _entries(self, ballots: Indices) -> tuple[Indices, Numbers]:
        """Return where the entries of ballots lie, and how many each ballot has."""
        begins = self.starts[ballots]
        sizes = self.starts[ballots + 1] - begins
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        return np.arange(total) + np.repeat(begins - ends + sizes, sizes), sizes


def _by_project(
    numbers: npt.NDArray[np.uint16], places: Numbers, for_sale: Sequence[int]
) -> Mapping[int, Indices]:
    order = np.argsort(numbers, kind="stable")
    sorted_numbers, sorted_places = numbers[order], places[order]
    wanted = np.array(sorted(for_sale), np.uint16)
    first = np.searchsorted(sorted_numbers, wanted, "left")
    last = np.searchsorted(sorted_numbers, wanted, "right")
    return {
        int(number): sorted_places[begin:end] for number, begin, end in zip(wanted, first, last, strict=True)
    }
