"""How far the cities are: which revision each history is at in how many of them, who failed."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from tenants.migrate import copies, plan
from tenants.migrate.copies import Standing
from tenants.owner import Raw

NEWEST, BEHIND, UNKNOWN = "newest", "behind", "unknown here"


@dataclass(frozen=True, slots=True)
class Line:
    """One revision of one history and the number of cities at it."""

    owner: str
    revision: str
    cities: int
    standing: str


@dataclass
class Status:
    """What the platform's copy says about all cities."""

    cities: int = 0
    behind: int = 0
    uncounted: int = 0
    """Cities of which the copy says nothing: being made, or made before there was a copy."""
    oldest: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    failures: list[Standing] = field(default_factory=list)


def read(connection: Raw) -> Status:
    """Read the copy, in one query."""
    found, heads = Status(), plan.all_heads()
    counted: Counter[tuple[str, str]] = Counter()
    for city in copies.standings(connection):
        found.cities += 1
        found.uncounted += not city.revisions
        counted.update((city.revisions or {}).items())
        if city.revisions and plan.steps(city.revisions):
            found.behind += 1
            found.oldest = min(filter(None, (found.oldest, city.changed_at)))
        if city.failed_at is not None:
            found.failures.append(city)
    order = {name: number for number, name in enumerate((plan.CITY, *plan.modules()))}
    for (name, revision), number in sorted(
        counted.items(), key=lambda i: (order.get(i[0][0], len(order)), i[0])
    ):
        found.lines.append(Line(name, revision, number, _standing(name, revision, heads.get(name))))
    return found


def _standing(name: str, revision: str, head: str | None) -> str:
    if revision == head:
        return NEWEST
    return UNKNOWN if plan.unknown({name: revision}) else BEHIND
