"""What clerks read on ballots of paper: why one is not valid, and where two readings differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .ballots import BallotType
from .codes import ALPHABET, CodeError, with_check

_BASE = len(ALPHABET)
_PLACES = 6


class Flaw(StrEnum):
    """Why a ballot on paper does not count."""

    UNREADABLE = "unreadable"
    TOO_MANY = "too_many"
    """More is marked than one voter may."""
    BLANK = "blank"
    FOREIGN = "foreign"
    """It is none of the papers that the city gave out."""
    MARKED = "marked"
    """A name or a sign on it says whose it is."""
    ABSENT = "absent"
    """Only a third person finds this: there is no such paper, one of the two typed a wrong number."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one clerk read on one ballot: marks by project, or a flaw."""

    marks: Mapping[int, int] = field(default_factory=dict)
    flaw: Flaw | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A ballot that two clerks read differently; None for a reading that is missing."""

    serial: int
    first: Reading | None
    second: Reading | None


def differences(first: Mapping[int, Reading], second: Mapping[int, Reading]) -> list[Difference]:
    """Return the ballots that were not read alike, by their numbers."""
    serials = sorted({*first, *second})
    found = (Difference(serial, first.get(serial), second.get(serial)) for serial in serials)
    return [one for one in found if one.first != one.second]


def paper_code(batch: int, serial: int) -> str:
    """Return what is printed on a ballot: the numbers of batch and paper, and a sign that checks them."""
    value = batch * 10_000 + serial
    if batch < 1 or not 1 <= serial < 10_000:
        raise ValueError("batches and papers have numbers from 1 on")
    signs = ""
    while value:
        value, sign = divmod(value, _BASE)
        signs = ALPHABET[sign] + signs
    return with_check(signs.rjust(_PLACES, ALPHABET[0]))


def read_paper_code(text: str) -> tuple[int, int]:
    """Return the numbers of batch and paper of what was scanned or typed; raises CodeError."""
    plain = "".join(sign for sign in text.upper().rpartition("/")[2] if sign not in " -")
    if len(plain) <= _PLACES or not set(plain) <= set(ALPHABET) or with_check(plain[:-1]) != plain:
        raise CodeError(text)
    value = 0
    for sign in plain[:-1]:
        value = value * _BASE + ALPHABET.index(sign)
    batch, serial = divmod(value, 10_000)
    if batch < 1 or serial < 1:
        raise CodeError(text)
    return batch, serial


def parse_marks(kind: BallotType, text: str) -> dict[int, int]:
    """Return the marks of what a clerk typed; raises ValueError with the part that cannot be read.

    Ticked projects are numbers with spaces, "3 7 12"; a ranking the same, the best first; points and grades are
    pairs, "3=5 7=2".
    """
    marks: dict[int, int] = {}
    for part in text.replace(",", " ").replace(";", " ").replace(" =", "=").replace("= ", "=").split():
        number, given, mark = part.partition("=")
        paired = kind in (BallotType.POINTS, BallotType.JUDGEMENT)
        if bool(given) != paired or not _is_number(number) or (paired and not _is_number(mark)):
            raise ValueError(part)
        if int(number) in marks:
            raise ValueError(part)
        marks[int(number)] = int(mark) if paired else len(marks) + 1 if kind is BallotType.RANKED else 1
    return marks


def written_marks(kind: BallotType, marks: Mapping[int, int]) -> str:
    """Return marks as a clerk would type them."""
    if kind is BallotType.RANKED:
        return " ".join(str(number) for number in sorted(marks, key=lambda one: marks[one]))
    if kind in (BallotType.POINTS, BallotType.JUDGEMENT):
        return " ".join(f"{number}={mark}" for number, mark in sorted(marks.items()))
    return " ".join(map(str, sorted(marks)))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
