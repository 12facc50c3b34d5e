"""What residents can find and follow: the fillings of the modules are entered as they are written."""

from collections.abc import Iterable

from app.console.statistics import OPEN
from app.core.settings import store
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling


@filling.content
def open_data(_twin: Twin) -> None:
    """Publish the figures of both cities."""
    store(OPEN, {"open": True})


for _column in ("search_entry.module", "search_entry.kind", "statistic.module", "statistic.measure"):
    filling.review(f"no text {_column}", "a name that the code gives")
filling.review(
    "never POST portal_requests.follow", "no module here takes requests of guests; lost and found does"
)
filling.review("no text search_entry.subject", "ids of what is found")
filling.review("no text search_entry.url", "addresses made of ids")
filling.review("no text statistic.dimension", "codes that modules count by, never words of people")
filling.review("no rows statistic", "filled by the task of the night, which the suite runs")


@filling.values("reference", of="portal_requests.follow")
def references(twin: Twin) -> Iterable[str]:
    """Return a reference that no request has."""
    return [twin.key("LF2345")]


@filling.values("module")
def counted_modules(_twin: Twin) -> Iterable[str]:
    """Return what has statistics."""
    return ["platform", "participatory_budget"]


@filling.values("name", of="console.own_text_page")
def own_texts(_twin: Twin) -> Iterable[str]:
    """Return texts that each city writes itself."""
    return ["contact", "welcome"]


@filling.values("module", of="search.rebuild")
def modules_to_rebuild(_twin: Twin) -> Iterable[str]:
    """Return all of them at once, and one."""
    return ["*", "platform"]
