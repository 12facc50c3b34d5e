"""The voters of one envelope, equal ballots together: who supports what, and how many they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .columns import Columns, Numbers

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Crowd:
    """The ballots that name a project: first those that stand for one voter each, then those for more."""

    single: int
    more: Numbers
    """How many voters each of the others stands for."""

    def sum(self, amounts: npt.NDArray[np.float64]) -> float:
        """Return the sum of what the voters have; `amounts` has an entry for each ballot."""
        # By one thread, as BLAS would spin for a core that others use.
        rest = np.einsum("i,i->", amounts[self.single :], self.more, dtype=np.float64)
        return float(amounts[: self.single].sum()) + float(rest)

    def voters(self, ballots: npt.NDArray[np.bool_]) -> int:
        """Return how many voters some of the ballots stand for."""
        alone = np.count_nonzero(ballots[: self.single])
        return int(alone) + int(self.more[ballots[self.single :]].sum())


class Electorate:
    """Ballots that name a project which is for sale; the others have no share in the money."""

    def __init__(self, ballots: Columns, times: Numbers, for_sale: Sequence[int]) -> None:
        ballots, times = _single_first(ballots, times)
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
        single = int(np.count_nonzero(self.times == 1))
        cuts = {n: int(np.searchsorted(found, single)) for n, found in self.supporters.items()}
        self.crowds = {
            n: Crowd(cuts[n], self.times[found[cuts[n] :]]) for n, found in self.supporters.items()
        }
        """How many voters each of these ballots stands for."""
        self.scores = {n: int(self.times[found].sum()) for n, found in self.supporters.items()}

    def bought_by(self, ballots: Indices, kinds: npt.NDArray[np.int16], most: int) -> list[int]:
        """Return how often voters of these ballots name each purchase; `kinds` gives its place for a project, or 0.

        The counts begin with that of the purchase at place 1.
        """
        entries, sizes = self._entries(ballots)
        found = kinds[self.numbers[entries]]
        # Those that stand for one voter come first, and need no weight.
        single = int(np.searchsorted(self.times[ballots], 2))
        cut = int(sizes[:single].sum())
        weights = np.repeat(self.times[ballots[single:]], sizes[single:]).astype(np.float64)
        counts = np.bincount(found[:cut], minlength=most + 1) + np.bincount(found[cut:], weights, most + 1)
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


def _single_first(ballots: Columns, times: Numbers) -> tuple[Columns, Numbers]:
    """Return the ballots with those that stand for one voter before the others."""
    alone = times == 1
    entries = np.repeat(alone, ballots.sizes)
    numbers = np.concatenate((ballots.numbers[entries], ballots.numbers[~entries]))
    sizes = np.concatenate((ballots.sizes[alone], ballots.sizes[~alone]))
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return Columns(numbers, None, starts), np.concatenate((times[alone], times[~alone]))


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
