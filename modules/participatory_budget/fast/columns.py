"""Stored ballots as columns: one number after the other, and how many of them each ballot has."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from ..rules.ballots import BallotType

Numbers = npt.NDArray[np.int64]
_PAIRS = (BallotType.POINTS, BallotType.JUDGEMENT)


@dataclass(frozen=True, slots=True)
class Columns:
    """Ballots of one contest; `numbers` and `marks` hold the entries of all of them, `starts` where each begins."""

    numbers: npt.NDArray[np.uint16]
    marks: npt.NDArray[np.uint16] | None
    """None where every project that is named has the mark 1."""
    starts: Numbers
    """One more than there are ballots: the last is the end."""

    @property
    def ballots(self) -> int:
        """Return how many ballots there are."""
        return len(self.starts) - 1

    @property
    def sizes(self) -> Numbers:
        """Return how many projects each ballot names."""
        return np.diff(self.starts)


def columns_of(kind: BallotType, data: bytes, lengths: bytes) -> Columns:
    """Read stored ballots (rules.marks) put one after the other, with the length of each in four bytes.

    A ValueError means that they are not what was written: numbers that do not rise, a project twice, a mark of 0.
    """
    sizes = np.frombuffer(lengths, ">i4").astype(np.int64)
    width = 4 if kind in _PAIRS else 2
    if (sizes % width).any() or sizes.sum() != len(data):
        raise ValueError(f"the length of a stored ballot is a multiple of {width}")
    parts = np.frombuffer(data, ">u2").astype(np.uint16)
    starts = np.concatenate(([0], np.cumsum(sizes // width)))
    if kind in _PAIRS:
        found = Columns(parts[::2].copy(), parts[1::2].copy(), starts)
    elif kind is BallotType.RANKED:
        found = Columns(parts, _places(starts), starts)
    else:
        found = Columns(parts, None, starts)
    _check(kind, found)
    return found


def grouped(found: Columns) -> tuple[Columns, Numbers]:
    """Put equal ballots that lie side by side together; returns them and how many each stands for.

    Sealed ballots lie in the order of what they say, so that all equal ones do.
    """
    if found.ballots < 2:
        return found, np.ones(found.ballots, np.int64)
    first = np.concatenate(([True], ~_equals_before(found)))
    kept = np.flatnonzero(first)
    times = np.diff(np.concatenate((kept, [found.ballots])))
    entries = np.repeat(first, found.sizes)
    starts = np.concatenate(([0], np.cumsum(found.sizes[kept])))
    marks = None if found.marks is None else found.marks[entries]
    return Columns(found.numbers[entries], marks, starts), times


def _equals_before(found: Columns) -> npt.NDArray[np.bool_]:
    """Tell of each ballot but the first whether it says what the one before it says."""
    sizes = found.sizes
    alike = sizes[1:] == sizes[:-1]
    compared = np.flatnonzero(alike)
    lengths = sizes[1:][compared]
    ends = np.cumsum(lengths)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    here = np.repeat(found.starts[1:-1][compared], lengths) + within
    before = np.repeat(found.starts[:-2][compared], lengths) + within
    differs = found.numbers[here] != found.numbers[before]
    if found.marks is not None:
        differs |= found.marks[here] != found.marks[before]
    wrong = np.zeros(len(compared), bool)
    wrong[np.repeat(np.arange(len(compared)), lengths)[differs]] = True
    alike[compared[wrong]] = False
    return cast("npt.NDArray[np.bool_]", alike)


def _places(starts: Numbers) -> npt.NDArray[np.uint16]:
    sizes = np.diff(starts)
    return (np.arange(int(starts[-1])) - np.repeat(starts[:-1], sizes) + 1).astype(np.uint16)


def _check(kind: BallotType, found: Columns) -> None:
    if not found.numbers.all():
        raise ValueError("a stored ballot names a project with the number 0")
    if found.marks is not None and not found.marks.all():
        raise ValueError("a stored ballot gives a mark of 0")
    owners = np.repeat(np.arange(found.ballots), found.sizes)
    named = owners * 65_536 + found.numbers
    if kind is BallotType.RANKED:
        named.sort()
    if (np.diff(named) <= 0).any():
        raise ValueError("the numbers of a stored ballot rise strictly")
