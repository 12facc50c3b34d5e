"""The voters of one envelope, equal ballots together: who supports what, and how many they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .columns import Columns, Numbers
from .solvent import MOST_PROJECTS, Solvent, counted_beside

Indices = npt.NDArray[np.intp]
MOST_NAMED = 32
"""Ballots with more projects are always followed: they have too many pairs."""
_SURELY = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Crowd:
    """The ballots that name a project: first those that stand for one voter each, then those for more."""

    single: int
    more: Numbers
    """How many voters each of the others stands for."""
    solvent: int = 0
    """How many voters beside them surely have enough."""

    def sum(self, amounts: npt.NDArray[np.float64]) -> float:
        """Return the sum of what the voters have; `amounts` has an entry for each ballot."""
        # By one thread, as BLAS would spin for a core that others use.
        rest = np.einsum("i,i->", amounts[self.single :], self.more, dtype=np.float64)
        return float(amounts[: self.single].sum()) + float(rest)

    def voters(self, ballots: npt.NDArray[np.bool_]) -> int:
        """Return how many voters some of the ballots stand for."""
        alone = np.count_nonzero(ballots[: self.single])
        return int(alone) + int(self.more[ballots[self.single :]].sum())


@dataclass(frozen=True, slots=True)
class Electorate:
    """Ballots that name a project which is for sale; those of voters who surely have enough are only sums."""

    times: Numbers
    """How many voters each ballot stands for; those for one come first."""
    starts: Numbers
    numbers: npt.NDArray[np.uint16]
    """The projects of the ballots, one ballot after the other."""
    supporters: Mapping[int, Indices]
    """The ballots that name each project."""
    crowds: Mapping[int, Crowd]
    voters: int
    """All of them, whether they are followed or not; the same for the scores."""
    scores: Mapping[int, int]
    solvent: Solvent

    @classmethod
    def of(cls, ballots: Columns, times: Numbers, for_sale: Sequence[int]) -> "Electorate":
        """Return the electorate of ballots; those that name nothing for sale have no share in the money."""
        ballots, times = _single_first(ballots, times)
        wanted = np.zeros(65_536, bool)
        wanted[list(for_sale)] = True
        entries = wanted[ballots.numbers]
        owners = np.repeat(np.arange(ballots.ballots), ballots.sizes)[entries]
        numbers = ballots.numbers[entries]
        sizes = np.bincount(owners, minlength=ballots.ballots)
        voting = sizes > 0
        times = times[voting]
        supporters = _by_project(numbers, (np.cumsum(voting) - 1)[owners], for_sale)
        return cls(
            times,
            np.concatenate(([0], np.cumsum(sizes[voting]))),
            numbers,
            supporters,
            _crowds(times, supporters),
            int(times.sum()),
            {number: int(times[found].sum()) for number, found in supporters.items()},
            Solvent.none(for_sale),
        )

    def narrowed(self, prices: Mapping[int, float], share: float) -> "Electorate":
        """Return the same voters, without following those whose share pays for all their projects at these prices."""
        if len(self.scores) > MOST_PROJECTS or not len(self.times):
            return self
        prices = {number: min(price, self.solvent.prices[number]) for number, price in prices.items()}
        most = np.zeros(65_536)
        most[list(prices)] = list(prices.values())
        sizes = np.diff(self.starts)
        enough = np.add.reduceat(most[self.numbers], self.starts[:-1]) <= share * _SURELY
        enough &= sizes <= MOST_NAMED
        beside = counted_beside(self.numbers, sizes, self.times, enough, self.solvent.places)
        solvent = Solvent(prices, self.solvent.places, self.solvent.beside + beside)
        stays = ~enough
        places = np.cumsum(stays) - 1
        supporters = {number: places[found[stays[found]]] for number, found in self.supporters.items()}
        times = self.times[stays]
        return Electorate(
            times,
            np.concatenate(([0], np.cumsum(sizes[stays]))),
            self.numbers[np.repeat(stays, sizes)],
            supporters,
            _crowds(times, supporters, solvent),
            self.voters,
            self.scores,
            solvent,
        )

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


def _crowds(
    times: Numbers, supporters: Mapping[int, Indices], solvent: Solvent | None = None
) -> Mapping[int, Crowd]:
    single = int(np.count_nonzero(times == 1))
    cuts = {number: int(np.searchsorted(found, single)) for number, found in supporters.items()}
    return {
        number: Crowd(cuts[number], times[found[cuts[number] :]], solvent.voters(number) if solvent else 0)
        for number, found in supporters.items()
    }
