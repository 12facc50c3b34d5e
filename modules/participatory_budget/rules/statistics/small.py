"""Small numbers: what too few have in common is counted together with a neighbour, so that nobody stands out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LEAST = 10
"""Fewer than this are not told apart."""
TOGETHER = "+"
"""Stands between the names of groups that are counted together."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days that are counted together, often one, and how many came on them."""

    first: date
    last: date
    number: int


def days_together(days: Iterable[tuple[date, int]], least: int) -> list[Days]:
    """Return days in order; those on which fewer than `least` came go with the days after, the last with those before."""
    found: list[Days] = []
    waiting: Days | None = None
    for day, number in days:
        first, before = (waiting.first, waiting.number) if waiting else (day, 0)
        waiting = Days(first, day, before + number)
        if waiting.number >= least:
            found.append(waiting)
            waiting = None
    if waiting is None:
        return found
    last = found.pop() if found else Days(waiting.first, waiting.first, 0)
    return [*found, Days(last.first, waiting.last, last.number + waiting.number)]


def groups_together(numbers: Mapping[str, int], least: int) -> dict[str, int]:
    """Return groups in the order of their names; the smallest go together until each has `least`.

    Nothing where all of them would be one: then there is nothing to tell but the total.
    """
    left: list[tuple[int, tuple[str, ...]]]
    left = sorted((number, (name,)) for name, number in numbers.items() if number)
    while len(left) > 1 and left[0][0] < least:
        (few, some), (more, others), *rest = left
        left = sorted([(few + more, (*some, *others)), *rest])
    if len(left) == 1 and len(left[0][1]) > 1:
        return {}
    return dict(sorted((TOGETHER.join(sorted(names)), number) for number, names in left))
