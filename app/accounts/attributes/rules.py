"""Levels, ages and rules of eligibility; plain functions, no database and no web.

A rule is a list of needs that must all be met; a need is met by any of its conditions. What counts for an attribute is
the surest statement that has not expired: whoever is on a roll for one district cannot declare another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

YES, NO = "yes", "no"
BIRTH_DATE = "birth_date"
OLDEST = 130


class Level(StrEnum):
    """How surely something is known, the least sure first."""

    SELF = "self"
    """The person says so."""
    CODE = "code"
    """She typed a code from a letter that came to her address."""
    STAFF = "staff"
    """Somebody who works for the city has seen a document."""
    ROLL = "roll"
    """She is on a list that an authority keeps."""

    @property
    def rank(self) -> int:
        """Return its place in the order; a higher one is surer."""
        return _ORDER.index(self)

    def reaches(self, wanted: "Level") -> bool:
        """Tell whether it is at least as sure as another."""
        return self.rank >= wanted.rank


_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is known about a person; a birth date is in ISO 8601."""

    attribute: str
    value: str
    level: Level
    stated_at: datetime
    expires_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether it has not expired by then."""
        return self.expires_at is None or at < self.expires_at


@dataclass(frozen=True, slots=True)
class OneOf:
    """The attribute has one of these values."""

    attribute: str
    values: tuple[str, ...]
    level: Level = Level.SELF


@dataclass(frozen=True, slots=True)
class Aged:
    """The person is so old on a day; without a day, on the day of asking."""

    at_least: int | None = None
    at_most: int | None = None
    on: date | None = None
    level: Level = Level.SELF
    attribute: str = field(default=BIRTH_DATE, init=False)


Condition = OneOf | Aged
Need = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A rule: every need must be met, each by any of its conditions. Without needs it lets everybody in."""

    needs: tuple[Need, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return what it asks for, each once, in order."""
        return tuple(dict.fromkeys(one.attribute for need in self.needs for one in need))


class Lack(StrEnum):
    """Why a condition is not met."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    TOO_UNSURE = "too_unsure"
    """The value fits, but nobody has checked it well enough."""
    OTHER_VALUE = "other_value"


@dataclass(frozen=True, slots=True)
class Missing:
    """A need that is not met: for each of its conditions, why not."""

    lacks: tuple[tuple[Condition, Lack], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a person meets a rule, and what is missing when not."""

    missing: tuple[Missing, ...] = ()

    @property
    def eligible(self) -> bool:
        """Tell whether every need is met."""
        return not self.missing


def judge(rule: Eligibility, statements: Iterable[Statement], *, at: datetime, today: date) -> Verdict:
    """Say whether what is known at a moment meets the rule; `today` is the city's day then."""
    known = tuple(statements)
    surest = {name: surest_of(name, known, at) for name in rule.attributes}
    ever = {one.attribute for one in known}
    missing = []
    for need in rule.needs:
        lacks = []
        for condition in need:
            lack = _lack(condition, surest[condition.attribute], condition.attribute in ever, today)
            if lack is None:
                break
            lacks.append((condition, lack))
        else:
            missing.append(Missing(tuple(lacks)))
    return Verdict(tuple(missing))


def surest_of(attribute: str, statements: Sequence[Statement], at: datetime) -> Statement | None:
    """Return the statement that counts at a moment: the surest, of equally sure ones the newest."""
    valid = [one for one in statements if one.attribute == attribute and one.holds(at)]
    return max(valid, key=lambda one: (one.level.rank, one.stated_at), default=None)


def age_on(born: date, day: date) -> int:
    """Return the age in full years; whoever is born on 29 February is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody reaches an age."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def read_day(text: str) -> date | None:
    """Return a birth date as it is kept; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lack(condition: Condition, found: Statement | None, was_known: bool, today: date) -> Lack | None:
    if found is None:
        return Lack.EXPIRED if was_known else Lack.UNKNOWN
    if not _fits(condition, found.value, today):
        return Lack.OTHER_VALUE
    return None if found.level.reaches(condition.level) else Lack.TOO_UNSURE


def _fits(condition: Condition, value: str, today: date) -> bool:
    if isinstance(condition, OneOf):
        return value in condition.values
    born = read_day(value)
    if born is None:
        return False
    age = age_on(born, condition.on or today)
    return (condition.at_least is None or age >= condition.at_least) and (
        condition.at_most is None or age <= condition.at_most
    )
