"""Which cities have something to do: from the platform's copy, or, when asked, from the cities themselves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tenants.migrate import copies, plan
from tenants.migrate.copies import Standing
from tenants.migrate.plan import Step
from tenants.owner import Raw

Work = tuple[Standing, tuple[Step, ...]]


@dataclass
class Survey:
    """What there is to do, and what is not to be done."""

    pending: list[Work] = field(default_factory=list)
    current: int = 0
    unmade: list[Standing] = field(default_factory=list)
    """Cities without tables: they are being made, with the newest ones."""
    unknown: list[Standing] = field(default_factory=list)
    """Cities that have a revision this code does not know: newer code was here, or a module is not installed."""
    corrected: list[Standing] = field(default_factory=list)
    """Cities of which the copy did not say what they say themselves."""

    @property
    def total(self) -> int:
        """Return how many cities were looked at."""
        return len(self.pending) + self.current + len(self.unmade)

    def steps(self) -> Counter[Step]:
        """Return each step with the number of cities that need it."""
        return Counter(step for _city, steps in self.pending for step in steps)


def survey(
    connection: Raw, names: Sequence[str] = (), *, only: Sequence[str] = (), check: bool = False
) -> Survey:
    """Find what is to do in all cities or those named; with `check` every city is asked, not only the copy."""
    found, asked = Survey(), []
    for city in copies.standings(connection, names):
        if check or not city.revisions:
            asked.append(city)
        else:
            _sort(found, city, only)
    for said, true in copies.with_truth(connection, asked):
        if true.revisions is None:
            found.unmade.append(true)
            continue
        if said.revisions != true.revisions:
            found.corrected.append(true)
        _sort(found, true, only)
    return found


def _sort(found: Survey, city: Standing, only: Sequence[str]) -> None:
    known = city.revisions or {}
    if plan.unknown(known):
        found.unknown.append(city)
    steps = plan.steps(known, only=only)
    if steps:
        found.pending.append((city, steps))
    else:
        found.current += 1
