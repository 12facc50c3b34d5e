"""Looking for joins: from what a person is known by, over equal values from row to row, to a ballot."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .traces import Reader, Row, choice


@dataclass(frozen=True, slots=True)
class Known:
    """A person, with all that she is known by and what she has chosen; None when she has no ballot in the box."""

    name: str
    values: frozenset[str]
    chosen: tuple[int, ...] | None


def shared_by_all(rows: Iterable[Row]) -> frozenset[str]:
    """Return the values that are in all of these rows: they tell none of them from another."""
    sets = [row.values for row in rows]
    return frozenset.intersection(*sets) if sets else frozenset()


def joins(
    rows: Sequence[Row], people: Iterable[Known], targets: Iterable[str], common: frozenset[str]
) -> list[str]:
    """Return for each person the shortest way over equal values to a row of the target tables; nothing is best."""
    having: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for value in row.values - common:
            having[value].append(row)
    wanted = frozenset(targets)
    return [f"{one.name}: {way}" for one in people if (way := _way(having, one, wanted, common))]


def _way(having: dict[str, list[Row]], one: Known, wanted: frozenset[str], common: frozenset[str]) -> str:
    front: list[tuple[str, str]] = [(value, value) for value in sorted(one.values - common)]
    seen, been = set(one.values), set[str]()
    while front:
        further: list[tuple[str, str]] = []
        for value, way in front:
            for row in having[value]:
                if row.table in wanted:
                    return f"{way} > {row.where}"
                if row.where in been:
                    continue
                been.add(row.where)
                new = row.values - common - seen
                seen |= new
                further += [(other, f"{way} > {row.where} > {other}") for other in sorted(new)]
        front = further
    return ""


def choices_by_row(rows: Sequence[Row], people: Iterable[Known], reader: Reader) -> list[str]:
    """Return where rows that name one person name, one after the other or at once, the projects she has chosen."""
    found = []
    for one in people:
        if one.chosen is None:
            continue
        mine: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            if not row.values & one.values:
                continue
            if choice(one.chosen) in row.values:
                found.append(f"{one.name}: {row.where}")
            for column, cell in row.cells.items():
                single = {cell} if isinstance(cell, int) else reader.named(f"{cell}")
                mine[f"{row.table} {column}"] |= {number for number in single if number in one.chosen}
                if single - set(one.chosen):
                    # Names others, too: no list of what she has chosen.
                    mine[f"{row.table} {column}"].add(-1)
        found += [f"{one.name}: {place}" for place, numbers in mine.items() if numbers == set(one.chosen)]
    return found
