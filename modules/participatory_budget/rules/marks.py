"""What a ballot says of each project it names: its marks, and how they are stored.

A mark is a number whose meaning the type of the ballot gives: 1 for a project that is approved or packed into
the knapsack, points, the place in a ranking (1 is the first), or a grade (1 is the lowest). A project that is
not named has no mark.
"""

import struct
from collections.abc import Container, Iterable, Mapping
from itertools import pairwise

from .ballots import BallotType, decode_choices, encode_choices

HIGHEST_MARK = 65_535
Marks = Mapping[int, int]
"""The mark of each project that a ballot names, by the project's number."""
_SETS = (BallotType.APPROVAL, BallotType.KNAPSACK)


def encode_marks(kind: BallotType, marks: Marks) -> bytes:
    """Return the one way to store a ballot: equal ballots have equal bytes.

    Approval and knapsack: the numbers in rising order, two bytes each, high byte first. Ranked: the numbers in
    the order of the ranking. Points and grades: number and mark, two bytes each, in rising order of numbers.
    ValueError for what was not checked: numbers or marks out of range, places with a gap.
    A ranking in several contests is stored as one, contest after contest (`in_one`, `marks_within`).
    """
    if kind in _SETS:
        return encode_choices(marks)
    if kind is BallotType.RANKED:
        return _encode_ranking(marks)
    numbers = sorted(marks)
    encode_choices(numbers)
    if not all(0 < marks[number] <= HIGHEST_MARK for number in numbers):
        raise ValueError(f"a mark is a number from 1 to {HIGHEST_MARK}: {dict(marks)}")
    return struct.pack(f">{2 * len(numbers)}H", *(part for n in numbers for part in (n, marks[n])))


def decode_marks(kind: BallotType, stored: bytes) -> dict[int, int]:
    """Return the marks of a stored ballot; ValueError when the bytes are not what was written."""
    if kind in _SETS:
        return dict.fromkeys(decode_choices(stored), 1)
    if kind is BallotType.RANKED:
        numbers = struct.unpack(f">{len(stored) // 2}H", _even(stored, 2))
        decode_choices(encode_choices(numbers))
        return {number: place for place, number in enumerate(numbers, start=1)}
    parts = struct.unpack(f">{len(stored) // 2}H", _even(stored, 4))
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    if any(one[0] >= other[0] for one, other in pairwise(pairs)) or any(not all(pair) for pair in pairs):
        raise ValueError(f"the numbers of a stored ballot rise strictly, and none is 0: {pairs}")
    return dict(pairs)


def marks_within(kind: BallotType, marks: Marks, numbers: Container[int]) -> dict[int, int]:
    """Return the part of a ballot that is about these projects; the places of a ranking begin at 1 in each part."""
    part = {number: mark for number, mark in marks.items() if number in numbers}
    if kind is not BallotType.RANKED:
        return part
    ranked = sorted(part, key=lambda number: (part[number], number))
    return {number: place for place, number in enumerate(ranked, start=1)}


def in_one(kind: BallotType, parts: Iterable[Marks]) -> dict[int, int]:
    """Return the ballot that has these parts, each about other projects; places go on from part to part."""
    if kind is not BallotType.RANKED:
        return {number: mark for part in parts for number, mark in part.items()}
    ranked = [number for part in parts for number in sorted(part, key=lambda one: (part[one], one))]
    return {number: place for place, number in enumerate(ranked, start=1)}


def _encode_ranking(marks: Marks) -> bytes:
    ranked = sorted(marks, key=lambda number: marks[number])
    encode_choices(ranked)
    if [marks[number] for number in ranked] != list(range(1, len(ranked) + 1)):
        raise ValueError(f"the places of a ranking are 1, 2, 3 …: {dict(marks)}")
    return struct.pack(f">{len(ranked)}H", *ranked)


def _even(stored: bytes, size: int) -> bytes:
    if len(stored) % size:
        raise ValueError(f"a stored ballot of this type is a multiple of {size} bytes long")
    return stored


def as_choices(numbers: Iterable[int]) -> dict[int, int]:
    """Return the marks of a ballot that only names projects."""
    return dict.fromkeys(numbers, 1)
