"""Ballots as the lines of a `.pb` file, thousands at a time; `rules.pabulib.writer` writes the same bytes one by one."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from .columns import Columns, Numbers

_NEEDS_QUOTES = frozenset(';"\n\r\0')
_DIGITS = 10
"""Of the number of a voter; those of a mark are five at most."""
_POWERS = 10 ** np.arange(_DIGITS - 1, -1, -1)
_MARK = 5
Bytes = npt.NDArray[np.uint8]


def can_be_joined(ids: Iterable[str]) -> bool:
    """Tell whether no list of these ids needs quotation marks."""
    return all(_NEEDS_QUOTES.isdisjoint(one) for one in ids)


class Lines:
    """The lines of one file; projects are called by their ids."""

    def __init__(self, projects: Sequence[tuple[int, str]]) -> None:
        texts = [text.encode() for _number, text in projects]
        self._width = max((_MARK + 1, *(len(text) + 1 for text in texts)))
        self._places = np.full(65_536, -1, np.int64)
        self._places[[number for number, _text in projects]] = np.arange(len(projects))
        self._ids = _table(texts, self._width)

    def of(self, found: Columns, *, first: int, with_marks: bool) -> bytes:
        """Return the lines of ballots, whose voters are numbered from `first` on; marks stand in a third field.

        A LookupError means that a ballot names a project which the file does not have.
        """
        places = self._places[found.numbers]
        if (places < 0).any():
            raise LookupError("a ballot names a project that is not in the file")
        # Each part of a line is a row of the same width, filled up with zeros, which are left out at the end.
        sizes = found.sizes
        ahead = -(-(_DIGITS + 1) // self._width)
        lines = np.concatenate(([0], np.cumsum(sizes * (1 + with_marks) + ahead + 1 + with_marks)))
        rows = np.zeros((int(lines[-1]), self._width), np.uint8)
        begins = lines[:-1]
        within = np.arange(len(places)) - np.repeat(found.starts[:-1], sizes)
        follows = (within > 0).astype(np.intp)
        _put_voters(rows, begins, ahead, first)
        at = np.repeat(begins + ahead, sizes) + within
        rows[at] = self._ids[follows, places]
        if with_marks and found.marks is not None:
            rows[begins + ahead + sizes, 0] = ord(";")
            rows[at + np.repeat(sizes, sizes) + 1] = self._marks(found.marks, follows)
        rows[lines[1:] - 1, 0] = ord("\n")
        return rows.tobytes().translate(None, b"\0")

    def _marks(self, marks: npt.NDArray[np.uint16], follows: npt.NDArray[np.intp]) -> Bytes:
        used, which = np.unique(marks, return_inverse=True)
        table = _table([str(mark).encode() for mark in used.tolist()], self._width)
        return table[follows, which.reshape(-1)]


def _table(texts: Sequence[bytes], width: int) -> Bytes:
    """Return each text as it stands first in a list, and as it follows another."""
    alone = b"".join(text.ljust(width, b"\0") for text in texts)
    after = b"".join((b"," + text).ljust(width, b"\0") for text in texts)
    return np.frombuffer(alone + after, np.uint8).reshape(2, len(texts), width)


def _put_voters(rows: Bytes, begins: Numbers, ahead: int, first: int) -> None:
    numbers = np.arange(first, first + len(begins))
    longest = len(str(first + len(begins)))
    digits = numbers[:, None] // _POWERS[-longest:]
    shown = np.where(digits > 0, digits % 10 + ord("0"), 0).astype(np.uint8)
    width = rows.shape[1]
    field = np.zeros((len(begins), ahead * width), np.uint8)
    field[:, _DIGITS - longest : _DIGITS], field[:, _DIGITS] = shown, ord(";")
    for place in range(ahead):
        rows[begins + place] = field[:, place * width : (place + 1) * width]
