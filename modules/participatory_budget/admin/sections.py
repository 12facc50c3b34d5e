"""What stands on the staff page of an edition beside the opening checklist; every part adds lines of its own.

    @section(20)
    def _ideas(edition: Edition) -> Section | None:
        if not has_part(edition, Part.IDEAS):
            return None
        return Section(_("Ideas"), url_for(…), hint=…, group=Group.RUN)

What is not part of an edition returns None and is not shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..models import Edition
from ..rules.schedule import Part, read_schedule


class Group(StrEnum):
    """When in the life of an edition a line is needed, in the order in which groups are shown."""

    SET_UP = "set-up"
    RUN = "run"
    AFTER = "after"


class State(StrEnum):
    """How far the work behind a line is; NONE for pages where nothing is ever finished."""

    TODO = "todo"
    STARTED = "started"
    DONE = "done"
    BLOCKED = "blocked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Section:
    """One line: where it leads, what there is to know, and whether something waits; `url` None for a mere fact."""

    title: str
    url: str | None
    hint: str = ""
    state: State = State.NONE
    group: Group = Group.SET_UP


Maker = Callable[[Edition], Section | None]
_makers: list[tuple[int, Maker]] = []


def section(order: int) -> Callable[[Maker], Maker]:
    """Have a line on the staff page of every edition for which it is made; lower orders stand higher."""

    def add(make: Maker) -> Maker:
        _makers.append((order, make))
        return make

    return add


def sections(edition: Edition) -> dict[Group, Sequence[Section]]:
    """Return the lines of an edition for whoever is signed in, by group; groups without any are left out."""
    ordered = sorted(_makers, key=lambda one: one[0])
    made = [found for _order, make in ordered if (found := make(edition)) is not None]
    grouped = {group: [one for one in made if one.group is group] for group in Group}
    return {group: found for group, found in grouped.items() if found}


def has_part(edition: Edition, *parts: Part) -> bool:
    """Tell whether one of these phases is in the calendar of an edition."""
    return any(part in read_schedule(edition.schedule) for part in parts)
