"""The dates of an edition as residents read them: phases and vote in one line of time.

    @page_of(Part.IDEAS)
    def _ideas(edition: Edition) -> str | None:
        return url_for("participatory_budget_public.ideas", slug=edition.slug)

A phase with such a page leads there as soon as it has opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from app.sdk import _, render

from ..models import Edition
from ..rules.phases import Phase
from ..rules.schedule import Part, Standing
from ..services import calendar, editions
from ..services.phase_names import part_name, part_words

_REACHED = {
    Phase.DRAFT: 0,
    Phase.PUBLISHED: 0,
    Phase.VOTING: 1,
    Phase.CLOSED: 3,
    Phase.COUNTING: 3,
    Phase.COUNTED: 4,
    Phase.RESULTS: 5,
}
_STATES = {Standing.OPEN: "now", Standing.OVER: "done"}
_pages: dict[Part, Callable[[Edition], str | None]] = {}


def page_of(part: Part) -> Callable[[Callable[[Edition], str | None]], Callable[[Edition], str | None]]:
    """Let a phase on the line of time lead to a page."""

    def add(page: Callable[[Edition], str | None]) -> Callable[[Edition], str | None]:
        _pages[part] = page
        return page

    return add


@dataclass(frozen=True, slots=True)
class Entry:
    """One point or span; `first` and `last` are days where it begins or ends with one."""

    title: str
    state: str = ""
    first: date | datetime | None = None
    last: date | datetime | None = None
    is_span: bool = False
    note: str = ""
    url: str | None = None


def line_of_time(edition: Edition) -> list[Entry]:
    """Return the phases and the vote in the order of time."""
    phases = calendar.phases_of(edition)
    before = [one for one in phases if one.part is not Part.REALISATION]
    after = [one for one in phases if one.part is Part.REALISATION]
    opens = edition.opens_at
    later = [one for one in before if opens is not None and one.span.begins_at >= opens]
    earlier = [one for one in before if one not in later]
    shown, *vote = _vote(edition, with_phases=bool(before))
    return [
        *(_entry(edition, one) for one in earlier),
        *([shown] if shown is not None else []),
        *(one for one in vote[:2] if one is not None),
        *(_entry(edition, one) for one in later),
        *(one for one in vote[2:] if one is not None),
        *(_entry(edition, one) for one in after),
    ]


def drawn(edition: Edition) -> Markup:
    """Return the line of time for a page."""
    return Markup(render("participatory_budget/public/_timeline.html", entries=line_of_time(edition)))  # noqa: S704


def _entry(edition: Edition, one: calendar.Planned) -> Entry:
    if one.is_late:
        return Entry(part_name(one.part), note=_("The dates are not settled yet."))
    page = _pages.get(one.part) if one.standing in _STATES else None
    return Entry(
        part_name(one.part),
        _STATES.get(one.standing, ""),
        *one.times,
        is_span=True,
        note=part_words(one.part),
        url=page(edition) if page else None,
    )


def _vote(edition: Edition, *, with_phases: bool) -> list[Entry | None]:
    """Return the moments of the vote; that projects are shown is nothing new where ideas became projects."""
    reached = _REACHED[editions.phase(edition)]

    def state(place: int) -> str:
        return "done" if place < reached else "now" if place == reached else ""

    first = None if with_phases else Entry(_("The projects are shown"), state(0))
    return [
        first,
        Entry(_("The vote opens"), state(1), edition.opens_at),
        Entry(_("The vote closes"), state(2), edition.closes_at),
        Entry(_("The ballots are counted"), state(3)),
        Entry(_("The result is published"), state(4), edition.published_at),
    ]
