"""The calendar of an edition: which phases it has beside the vote, when they are open, and moving them by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.sdk import Conflict, Invalid, NotFound, _, audit, local, now

from ..models import Edition
from ..rules.schedule import Part, Span, Standing, changes_next, read_schedule, write_schedule
from .editions import by_id
from .marks import must_be_as_seen
from .phase_names import part_name
from .phase_tasks import PhaseTask, as_far_as_ready, tasks_of


@dataclass(frozen=True, slots=True)
class Planned:
    """A phase of an edition, where it stands now, and its checklist."""

    part: Part
    span: Span
    standing: Standing
    tasks: tuple[PhaseTask, ...]

    @property
    def times(self) -> tuple[date | datetime, date | datetime | None]:
        """Return first and last moment for readers: a day alone where the phase begins or ends with it."""
        begins, ends = local(self.span.begins_at), self.span.ends_at
        first = begins.date() if begins.time() == time() else self.span.begins_at
        if ends is None or local(ends).time() != time():
            return first, ends
        return first, local(ends).date() - timedelta(days=1)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return all(task.done for task in self.tasks)

    @property
    def is_late(self) -> bool:
        """Tell whether the phase should be open and is held."""
        return self.standing is Standing.HELD and self.span.begins_at <= now()


def phases_of(edition: Edition) -> list[Planned]:
    """Return the phases beside the vote, the one that begins first before the others."""
    found = sorted(read_schedule(edition.schedule).items(), key=lambda one: one[1].begins_at)
    return [planned(edition, part, span) for part, span in found]


def next_of(edition: Edition) -> Planned | None:
    """Return the phase that opens or ends next, without its checklist; None when nothing more is to come."""
    found = changes_next(edition.schedule, now())
    if found is None:
        return None
    part, _moment = found
    span = read_schedule(edition.schedule)[part]
    return Planned(part, span, span.standing(now()), ())


def planned(edition: Edition, part: Part, span: Span) -> Planned:
    """Return a phase with its checklist."""
    return Planned(part, span, span.standing(now()), tuple(tasks_of(edition, part, span)))


def phase_of(edition: Edition, part: Part) -> Planned:
    """Return one phase; raises NotFound for one that the edition does not have."""
    span = read_schedule(edition.schedule).get(part)
    if span is None:
        raise NotFound(_("This edition has no such phase. Add it to the calendar first."))
    return planned(edition, part, span)


def times_of(edition: Edition) -> dict[Part, Span]:
    """Return the times as they are saved; whether a phase is held is not asked for."""
    return {part: replace(span, held=False) for part, span in read_schedule(edition.schedule).items()}


def change_calendar(edition_id: UUID, times: Mapping[Part, Span], *, seen: str | None = None) -> Edition:
    """Save which phases there are and when; one whose checklist is not complete is held until somebody lets it open."""
    edition = by_id(edition_id, lock=True)
    must_be_as_seen(times_of(edition), seen)
    wrong = next((part for part, span in times.items() if not span.in_order), None)
    if wrong is not None:
        raise Invalid(_("%(phase)s must end after it begins.", phase=part_name(wrong)))
    running = {part for part, span in read_schedule(edition.schedule).items() if span.is_open(now())}
    kept = {part: span for part, span in times.items() if part in running}
    new = {part: as_far_as_ready(edition, part, span) for part, span in times.items() if part not in kept}
    edition.schedule = write_schedule({**new, **kept})
    audit(
        "participatory_budget.calendar_changed",
        subject=f"edition:{edition.id}",
        phases=", ".join(sorted(times)),
    )
    return edition


def let_open(edition_id: UUID, part: Part) -> Edition:
    """Let the clock open a phase that was held; raises Conflict while something is missing."""
    edition, found = _locked(edition_id, part)
    _must_be_complete(found)
    return _save(edition, part, replace(found.span, held=False), "phase_released")


def open_now(edition_id: UUID, part: Part) -> Edition:
    """Open a phase at once; raises Conflict when it is open or over, or something is missing."""
    edition, found = _locked(edition_id, part)
    if found.standing in (Standing.OPEN, Standing.OVER):
        raise Conflict(_("This phase has been opened already."))
    _must_be_complete(found)
    return _save(edition, part, replace(found.span, begins_at=now(), held=False), "phase_opened")


def end_now(edition_id: UUID, part: Part) -> Edition:
    """End a phase at once; raises Conflict when it is not open."""
    edition, found = _locked(edition_id, part)
    if found.standing is not Standing.OPEN:
        raise Conflict(_("This phase is not open."))
    return _save(edition, part, replace(found.span, ends_at=now()), "phase_ended")


def extend(edition_id: UUID, part: Part, ends_at: datetime | None) -> Edition:
    """Let a phase end later, or with None not at all; one that is over opens again. Raises Invalid for an earlier end."""
    edition, found = _locked(edition_id, part)
    earlier = found.span.ends_at
    if earlier is None or (ends_at is not None and ends_at <= max(earlier, now())):
        raise Invalid(_("Choose a time that is after the present end and not in the past."))
    longer = replace(found.span, ends_at=ends_at, held=False)
    if found.standing is not Standing.OPEN:
        _must_be_complete(planned(edition, part, longer))
    return _save(edition, part, longer, "phase_extended")


def _locked(edition_id: UUID, part: Part) -> tuple[Edition, Planned]:
    edition = by_id(edition_id, lock=True)
    return edition, phase_of(edition, part)


def _must_be_complete(found: Planned) -> None:
    if not found.is_complete:
        raise Conflict(_("Something is still missing. Complete the list first."))


def _save(edition: Edition, part: Part, span: Span, act: str) -> Edition:
    edition.schedule = write_schedule({**read_schedule(edition.schedule), part: span})
    audit(f"participatory_budget.{act}", subject=f"edition:{edition.id}", phase=part.value)
    return edition
