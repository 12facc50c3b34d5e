"""Stored ballots as columns: one number after the other, and how many of them each ballot has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt

from ..rules.ballots import BallotType

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
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


def grouped(pages: Iterable[Columns]) -> tuple[Columns, Numbers]:
    """Put equal ballots that lie side by side together; returns them and how many each stands for.

    Sealed ballots lie in the order of what they say, so that all equal ones do.
    """
    kept: list[Columns] = []
    counts: list[Numbers] = []
    for page in pages:
        if not page.ballots:
            continue
        found, times = _grouped(page)
        if kept and _says(kept[-1], -1) == _says(found, 0):
            counts[-1][-1] += times[0]
            found, times = _without_first(found), times[1:]
        if found.ballots:
            kept.append(found)
            counts.append(times)
    if not kept:
        return Columns(np.zeros(0, np.uint16), None, np.zeros(1, np.int64)), np.zeros(0, np.int64)
    return _joined(kept), np.concatenate(counts)


def _grouped(found: Columns) -> tuple[Columns, Numbers]:
    first = np.concatenate(([True], ~_equals_before(found)))
    kept = np.flatnonzero(first)
    times = np.diff(np.concatenate((kept, [found.ballots])))
    sizes = found.sizes
    entries = np.repeat(first, sizes)
    starts = np.concatenate(([0], np.cumsum(sizes[kept])))
    marks = None if found.marks is None else found.marks[entries]
    return Columns(found.numbers[entries], marks, starts), times


def _says(found: Columns, ballot: int) -> tuple[bytes, bytes]:
    begin = found.starts[:-1][ballot]
    here = slice(begin, begin + found.sizes[ballot])
    return found.numbers[here].tobytes(), b"" if found.marks is None else found.marks[here].tobytes()


def _without_first(found: Columns) -> Columns:
    cut = int(found.starts[1])
    marks = None if found.marks is None else found.marks[cut:]
    return Columns(found.numbers[cut:], marks, found.starts[1:] - cut)


def _joined(parts: Sequence[Columns]) -> Columns:
    sizes = np.concatenate([part.sizes for part in parts])
    marks = [part.marks for part in parts if part.marks is not None]
    numbers = np.concatenate([part.numbers for part in parts])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return Columns(numbers, np.concatenate(marks) if marks else None, starts)


def marks_of_each(found: Columns) -> Iterator[dict[int, int]]:
    """Yield the marks of one ballot after the other."""
    marks = None if found.marks is None else found.marks.tolist()
    numbers, starts = found.numbers.tolist(), found.starts.tolist()
    for begin, end in pairwise(starts):
        given = marks[begin:end] if marks is not None else [1] * (end - begin)
        yield dict(zip(numbers[begin:end], given, strict=True))


def _equals_before(found: Columns) -> Mask:
    """Tell of each ballot but the first whether it says what the one before it says."""
    alike = _same_row_before(found, found.numbers)
    return alike if found.marks is None else alike & _same_row_before(found, found.marks)


def _same_row_before(found: Columns, entries: npt.NDArray[np.uint16]) -> Mask:
    # One row for each ballot, filled up with zeros, which no entry is; four entries are compared at once.
    sizes = found.sizes
    width = -(-int(sizes.max()) // 4) * 4
    rows = np.zeros((found.ballots, width), np.uint16)
    rows[np.arange(width) < sizes[:, None]] = entries
    wide = rows.view(np.uint64)
    return cast("Mask", (wide[1:] == wide[:-1]).all(axis=1))


def _places(starts: Numbers) -> npt.NDArray[np.uint16]:
    sizes = np.diff(starts)
    return (np.arange(int(starts[-1])) - np.repeat(starts[:-1], sizes) + 1).astype(np.uint16)


def _check(kind: BallotType, found: Columns) -> None:
    if not found.numbers.all():
        raise ValueError("a stored ballot names a project with the number 0")
    if found.marks is not None and not found.marks.all():
        raise ValueError("a stored ballot gives a mark of 0")
    named = found.numbers
    if kind is BallotType.RANKED:
        owners = np.repeat(np.arange(found.ballots), found.sizes)
        named = np.sort(owners * 65_536 + named)
    stays = named[1:] <= named[:-1]
    begins = found.starts[1:-1]
    stays[begins[(begins > 0) & (begins <= len(stays))] - 1] = False
    if stays.any():
        raise ValueError("the numbers of a stored ballot rise strictly")
