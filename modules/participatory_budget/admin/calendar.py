"""The calendar of an edition: its phases beside the vote, and moving each by hand."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, date_and_time, may, ngettext, render, requires

from ..forms.calendar import CalendarForm, LongerForm
from ..models import Edition
from ..rules.schedule import Part, Standing
from ..services import calendar as service
from ..services import editions
from ..services.marks import mark
from ..services.phase_names import part_effect, part_name, part_words
from ..services.phase_tasks import PhaseTask
from .blueprint import bp
from .hub import drop_changes, to_hub
from .sections import Section, State, section

PHASE = '<any(ideas,"co-construction",support,feasibility,drafting,realisation):part>'
_MOVES: dict[str, Callable[[UUID, Part], Edition]] = {
    "settle": service.let_open,
    "open": service.open_now,
    "end": service.end_now,
}
_POSSIBLE = {
    Standing.HELD: ("settle", "open"),
    Standing.AHEAD: ("open",),
    Standing.OPEN: ("extend", "end"),
    Standing.OVER: ("extend",),
}


@section(10)
def _line(edition: Edition) -> Section | None:
    """Lead to the calendar; a plain vote needs none, so nothing waits here."""
    if edition.imported or not may("participatory_budget.manage"):
        return None
    phases = service.phases_of(edition)
    hint = _("Only a vote. Add ideas, support, feasibility or realisation where the edition has them.")
    if phases:
        hint = ", ".join(part_name(one.part) for one in phases)
    held = any(one.standing is Standing.HELD for one in phases)
    state = State.NONE if not phases else State.TODO if held else State.DONE
    return Section(_("Calendar"), _to("calendar", edition), hint, state)


@bp.route("/<uuid:edition_id>/calendar", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def calendar(edition_id: UUID) -> ResponseReturnValue:
    """Say which phases the edition has beside the vote, and when."""
    edition = editions.by_id(edition_id)
    form = CalendarForm.of(edition)
    if not form.sent():
        return _page(edition, form), form.status
    try:
        saved = service.change_calendar(edition_id, form.times, seen=form.seen.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        form.seen.data = mark(service.times_of(edition))
        return _page(edition, form, problem=str(error)), status
    held = sum(one.standing is Standing.HELD for one in service.phases_of(saved))
    if held:
        flash(
            ngettext(
                "%(num)d phase waits for its checklist and does not open by itself yet.",
                "%(num)d phases wait for their checklists and do not open by themselves yet.",
                held,
            ),
            "warn",
        )
    return to_hub(saved, _("The calendar is saved."))


@bp.get(f"/<uuid:edition_id>/phases/{PHASE}")
@requires("participatory_budget.view")
def phase(edition_id: UUID, part: str) -> ResponseReturnValue:
    """Show a phase: when it is open, what it still needs, what can be done."""
    return _phase_page(edition_id, Part(part))


@bp.route(f"/<uuid:edition_id>/phases/{PHASE}/<any(settle,open,end):move>", methods=["GET", "POST"])
@requires("participatory_budget.publish")
def move_phase(edition_id: UUID, part: str, move: str) -> ResponseReturnValue:
    """Ask, then let a phase open, open it now or end it."""
    edition, asked = editions.by_id(edition_id), Part(part)
    if request.method != "POST":
        found = service.phase_of(edition, asked)
        if move not in _moves(found):
            return _not_now(edition, asked)
        return _question(edition, found, move)
    try:
        saved = _MOVES[move](edition_id, asked)
    except ServiceError as error:
        return _phase_page(edition_id, asked, problem=str(error), status=drop_changes(error))
    flash(_done(asked, move), "ok")
    return redirect(_to("phase", saved, part=part), 303)


@bp.route(f"/<uuid:edition_id>/phases/{PHASE}/extend", methods=["GET", "POST"])
@requires("participatory_budget.publish")
def extend_phase(edition_id: UUID, part: str) -> ResponseReturnValue:
    """Let a phase end later."""
    edition, asked = editions.by_id(edition_id), Part(part)
    found = service.phase_of(edition, asked)
    form = LongerForm.of(found.span)
    if not form.sent():
        return _longer_page(edition, found, form), form.status
    try:
        saved = service.extend(edition_id, asked, form.ends_at)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        return _longer_page(edition, service.phase_of(edition, asked), form, problem=str(error)), status
    words = _("“%(phase)s” has no end any more.", phase=part_name(asked))
    if form.ends_at is not None:
        words = _(
            "“%(phase)s” ends on %(moment)s.", phase=part_name(asked), moment=date_and_time(form.ends_at)
        )
    flash(words, "ok")
    return redirect(_to("phase", saved, part=part), 303)


def _page(edition: Edition, form: CalendarForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/calendar.html",
        edition=edition,
        form=form,
        problem=problem,
        names={row.part: (part_name(row.part), part_words(row.part)) for row in form.rows},
    )


def _phase_page(edition_id: UUID, part: Part, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    edition = editions.by_id(edition_id)
    found = service.phase_of(edition, part)
    page = render(
        "participatory_budget/admin/phase.html",
        edition=edition,
        phase=found,
        name=part_name(part),
        words=part_words(part),
        tasks=[_task(edition, task) for task in found.tasks],
        moves=_moves(found) if may("participatory_budget.publish") else (),
        problem=problem,
    )
    return page, status


def _task(edition: Edition, task: PhaseTask) -> Section:
    url = None
    if task.endpoint and may("participatory_budget.manage"):
        url = url_for(task.endpoint, edition_id=edition.id)
    return Section(task.title, url, task.hint, State.DONE if task.done else State.TODO)


def _moves(found: service.Planned) -> tuple[str, ...]:
    """Return what can be done with a phase now; nothing opens before its checklist is complete."""
    possible = _POSSIBLE[found.standing]
    opening = () if found.is_complete else ("settle", "open")
    endless = found.span.ends_at is None
    return tuple(one for one in possible if one not in opening and not (endless and one == "extend"))


def _question(edition: Edition, found: service.Planned, move: str) -> str:
    return render(
        "participatory_budget/admin/phase_move.html",
        edition=edition,
        phase=found,
        move=move,
        name=part_name(found.part),
        effect=part_effect(found.part),
    )


def _longer_page(edition: Edition, found: service.Planned, form: LongerForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/phase_extend.html",
        edition=edition,
        phase=found,
        name=part_name(found.part),
        form=form,
        problem=problem,
    )


def _not_now(edition: Edition, part: Part) -> ResponseReturnValue:
    flash(_("This cannot be done now. The page shows where the phase stands."), "warn")
    return redirect(_to("phase", edition, part=part.value), 303)


def _done(part: Part, move: str) -> str:
    name = part_name(part)
    return {
        "settle": _("The calendar opens “%(phase)s”.", phase=name),
        "open": _("“%(phase)s” is open.", phase=name),
        "end": _("“%(phase)s” has ended.", phase=name),
    }[move]


def _to(page: str, edition: Edition, **more: Any) -> str:
    return url_for(f"participatory_budget_admin.{page}", edition_id=edition.id, **more)
