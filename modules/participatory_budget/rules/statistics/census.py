"""The census as a city has it: a small table of people by district, age class and sex, in any combination."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .ages import NAMES

PEOPLE = "people"
MOST_LINES = 5000
MOST_PEOPLE = 10**9
LONGEST = 80


class Dimension(StrEnum):
    """What voters and people are counted by."""

    DISTRICT = "district"
    AGE = "age"
    SEX = "sex"
    CHANNEL = "channel"


OF_CENSUS = (Dimension.DISTRICT, Dimension.AGE, Dimension.SEX)


class Flaw(StrEnum):
    """What keeps a census from being read."""

    EMPTY = "empty"
    NO_PEOPLE = "no-people"
    NOTHING_TO_COUNT_BY = "nothing-to-count-by"
    UNKNOWN_COLUMN = "unknown-column"
    TOO_LONG = "too-long"
    NOT_A_NUMBER = "not-a-number"
    UNKNOWN_AGE = "unknown-age"
    MISSING_VALUE = "missing-value"


class WrongCensus(ValueError):
    """A line of a census cannot be read; `line` counts from 1, 0 is the whole file."""

    def __init__(self, flaw: Flaw, line: int = 0, value: str = "") -> None:
        super().__init__(f"{flaw} in line {line}: {value}")
        self.flaw, self.line, self.value = flaw, line, value


@dataclass(frozen=True, slots=True)
class Census:
    """How many people there are by each dimension that the file has."""

    people: Mapping[Dimension, Mapping[str, int]]

    @property
    def total(self) -> int:
        """Return how many people there are; the same by each dimension."""
        return max((sum(cells.values()) for cells in self.people.values()), default=0)


def read(text: str) -> Census:
    """Return what a CSV file says: columns `district`, `age`, `sex` as far as there are any, and `people`.

    Comma, semicolon and tab are taken as separators. Raises WrongCensus.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if len(lines) < 2:
        raise WrongCensus(Flaw.EMPTY)
    if len(lines) > MOST_LINES:
        raise WrongCensus(Flaw.TOO_LONG)
    separator = max(";\t,", key=lines[0].count)
    table = list(csv.reader(lines, delimiter=separator))
    dimensions, place = _columns([cell.strip().lower() for cell in table[0]])
    counted: dict[Dimension, Counter[str]] = {dimension: Counter() for dimension in dimensions}
    for number, cells in enumerate(table[1:], start=2):
        people = _people(cells[place] if place < len(cells) else "", number)
        for dimension, column in dimensions.items():
            value = cells[column].strip() if column < len(cells) else ""
            counted[dimension][_checked(dimension, value, number)] += people
    return Census({dimension: dict(cells) for dimension, cells in counted.items()})


def _columns(head: Sequence[str]) -> tuple[dict[Dimension, int], int]:
    known = {dimension.value: dimension for dimension in OF_CENSUS}
    for name in head:
        if name not in known and name != PEOPLE:
            raise WrongCensus(Flaw.UNKNOWN_COLUMN, 1, name)
    if PEOPLE not in head:
        raise WrongCensus(Flaw.NO_PEOPLE, 1)
    dimensions = {known[name]: column for column, name in enumerate(head) if name in known}
    if not dimensions:
        raise WrongCensus(Flaw.NOTHING_TO_COUNT_BY, 1)
    return dimensions, head.index(PEOPLE)


def _people(text: str, line: int) -> int:
    bare = text.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    if not (bare.isascii() and bare.isdigit()) or int(bare) > MOST_PEOPLE:
        raise WrongCensus(Flaw.NOT_A_NUMBER, line, text.strip()[:LONGEST])
    return int(bare)


def _checked(dimension: Dimension, value: str, line: int) -> str:
    if not value or len(value) > LONGEST:
        raise WrongCensus(Flaw.MISSING_VALUE, line, dimension.value)
    if dimension is Dimension.AGE:
        value = value.replace("–", "-").replace(" ", "")
        if value not in NAMES:
            raise WrongCensus(Flaw.UNKNOWN_AGE, line, value)
    return value
