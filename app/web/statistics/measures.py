"""What is counted: a part of the product says how many of something there were on a day, by what they differ in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.context import current_city
from app.core.db import CityModel
from app.core.exporting import impersonal
from app.registry import module_of

PLATFORM = "platform"


class Statistic(CityModel):
    """How many of something there were on one day of the city; `dimension` is empty where they do not differ."""

    __tablename__ = "statistic"

    module: Mapped[str] = mapped_column(String(48), primary_key=True, info=impersonal())
    measure: Mapped[str] = mapped_column(String(48), primary_key=True, info=impersonal())
    day: Mapped[date] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(String(80), primary_key=True, info=impersonal())
    number: Mapped[int] = mapped_column(BigInteger)


Count = Callable[[date], Iterable[tuple[str, int]]]
Name = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted; `count` yields how many there were on a day, by dimension."""

    module: str
    key: str
    title: str
    count: Count
    by: str = ""
    """What they differ in, lazily translated; empty where they do not."""
    name: Name = str
    """Return what people call a value of the dimension."""
    of_people: bool = True
    """Whether small numbers are about people, and hidden."""
    looks_back: bool = True
    """Whether the number of a past day can still be found out; else it is kept while the day goes on."""


MEASURES: dict[tuple[str, str], Measure] = {}


def measure(
    key: str,
    title: str,
    *,
    by: str = "",
    name: Name = str,
    of_people: bool = True,
    looks_back: bool = True,
) -> Callable[[Count], Count]:
    """Declare something that is counted day by day: `title` is its name, lazily translated.

    The function yields pairs of a dimension's value (a code, never words of people; empty without `by`) and a number,
    for the day of the city that it is given.
    """

    def declare(count: Count) -> Count:
        try:
            module = module_of(count.__module__).name
        except LookupError:
            module = PLATFORM
        MEASURES[module, key] = Measure(module, key, title, count, by, name, of_people, looks_back)
        return count

    return declare


def measures(module: str | None = None) -> list[Measure]:
    """Return what is counted in the city being served, or of it what one module counts."""
    on = current_city().modules | {PLATFORM}
    return [m for m in MEASURES.values() if m.module in on and module in (None, m.module)]
