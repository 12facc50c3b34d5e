"""The checklist of a phase in words: what every phase needs, and what the parts behind it ask for.

@phase_task(Part.SUPPORT)
def _threshold(edition: Edition) -> PhaseTask:
    return PhaseTask(_("Threshold"), _("…"), done=…, endpoint="participatory_budget_admin.support_rules")

A phase whose checklist is not complete is held: the clock does not open it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.sdk import _, current_city, now

from ..models import Edition
from ..rules.part_checklist import Need, PartSetup, part_checklist
from ..rules.phases import Stage
from ..rules.schedule import Part, Span, read_schedule, write_schedule

_ADMIN = "participatory_budget_admin"


@dataclass(frozen=True, slots=True)
class PhaseTask:
    """One thing to do before a phase opens; `endpoint` is a page for staff that takes the id of the edition."""

    title: str
    hint: str
    done: bool
    endpoint: str | None = None


Maker = Callable[[Edition], PhaseTask | None]
_makers: list[tuple[frozenset[Part], Maker]] = []


def phase_task(*parts: Part) -> Callable[[Maker], Maker]:
    """Add a task to the checklist of phases; None where an edition does not need it."""

    def add(make: Maker) -> Maker:
        _makers.append((frozenset(parts), make))
        return make

    return add


def tasks_of(edition: Edition, part: Part, span: Span) -> list[PhaseTask]:
    """Return the checklist of a phase as it stands now."""
    needs = part_checklist(part, span, setup_of(edition), now())
    own = (make(edition) for parts, make in _makers if part in parts)
    return [*(_in_words(need, done=done) for need, done in needs.items()), *(one for one in own if one)]


def as_far_as_ready(edition: Edition, part: Part, span: Span) -> Span:
    """Return a phase that the clock opens when its checklist is complete, and that is held when it is not."""
    return replace(span, held=not all(task.done for task in tasks_of(edition, part, span)))


def release_ready(edition: Edition) -> None:
    """Let the clock open every held phase whose checklist has become complete."""
    schedule = read_schedule(edition.schedule)
    if any(span.held for span in schedule.values()):
        now_ready = {
            part: as_far_as_ready(edition, part, span) for part, span in schedule.items() if span.held
        }
        edition.schedule = write_schedule({**schedule, **now_ready})


def setup_of(edition: Edition) -> PartSetup:
    """Return the edition as the checklists of its phases look at it."""
    first = current_city().language
    return PartSetup(
        texts_missing=not (edition.title.get(first) and edition.summary.get(first)),
        shown=edition.stage is not Stage.DRAFT,
        decided=edition.stage is Stage.RESULTS,
    )


def _in_words(need: Need, *, done: bool) -> PhaseTask:
    match need:
        case Need.DATES:
            hint = "" if done else _("It must end after it begins, and not in the past.")
            return PhaseTask(_("Dates"), hint, done, f"{_ADMIN}.calendar")
        case Need.TEXTS:
            hint = "" if done else _("Title and summary are needed in the city's first language.")
            return PhaseTask(_("Texts"), hint, done, f"{_ADMIN}.texts")
        case Need.SHOWN:
            hint = "" if done else _("Residents do not see this edition yet.")
            return PhaseTask(_("Shown to residents"), hint, done, f"{_ADMIN}.edition")
        case Need.RESULT:
            hint = "" if done else _("The result of the vote is not published yet.")
            return PhaseTask(_("Result"), hint, done, f"{_ADMIN}.edition")
