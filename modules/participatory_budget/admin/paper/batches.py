"""Batches of ballots on paper: made, opened, void; and the word that all paper is in."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, given, may, ngettext, render, requires

from ...forms.voting import BatchForm, OpenForm, ReasonForm
from ...models import BatchState, Edition
from ...rules.phases import Stage
from ...rules.ways import Way
from ...services import editions
from ...services.access import access_of
from ...services.paper_votes import batches as service
from ...services.paper_votes import slips, stations
from ...services.paper_votes.box import waits_for_paper
from ..blueprint import bp
from ..hub import drop_changes
from ..sections import Group, Section, State, section
from .people import me


@section(33)
def _line(edition: Edition) -> Section | None:
    """Lead to the ballots on paper, where people vote so."""
    if not may("participatory_budget.paper") or not access_of(edition).has(Way.PAPER):
        return None
    found = service.batches(edition)
    left = sum(one.state in (BatchState.SLIPS, BatchState.KEYING) for one in found)
    waits = edition.stage is Stage.COUNTING and waits_for_paper(edition)
    hint = (
        _("The ballots are sealed once all paper is in.")
        if waits
        else ngettext("%(num)d batch to work on", "%(num)d batches to work on", left)
        if left
        else ""
    )
    state = State.TODO if waits or left else State.DONE if edition.paper_done_at else State.NONE
    url = url_for("participatory_budget_admin.paper", edition_id=edition.id)
    return Section(_("Ballots on paper"), url, hint, state, Group.RUN)


@bp.get("/<uuid:edition_id>/paper")
@requires("participatory_budget.paper")
def paper(edition_id: UUID) -> ResponseReturnValue:
    """List the batches."""
    return _list(editions.by_id(edition_id))


@bp.route("/<uuid:edition_id>/paper/new", methods=["GET", "POST"])
@requires("participatory_budget.paper")
def new_batch(edition_id: UUID) -> ResponseReturnValue:
    """Make a batch."""
    edition, problem = editions.by_id(edition_id), ""
    form = BatchForm.of(edition, stations.stations(edition))
    status = form.status
    if form.sent():
        try:
            made = service.make(
                edition,
                in_envelopes=form.kind.data == "envelopes",
                station_id=UUID(form.station.data) if form.station.data else None,
                district=form.district.data or "",
                printed=form.printed.data or 0,
            )
            return redirect(url_for(".batch", edition_id=edition_id, batch_id=made.id), 303)
        except ServiceError as error:
            status, problem = drop_changes(error), str(error)
            edition = editions.by_id(edition_id)
    page = render(
        "participatory_budget/admin/paper/batch_new.html",
        edition=edition,
        form=form,
        problem=problem,
        has_districts=bool(edition.contests),
    )
    return page, status


@bp.route("/<uuid:edition_id>/paper/<uuid:batch_id>/open", methods=["GET", "POST"])
@requires("participatory_budget.paper")
def open_batch(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Say how many ballots were taken out of the envelopes or the urn."""
    edition, form, problem = editions.by_id(edition_id), OpenForm(), ""
    status = form.status
    if form.sent():
        try:
            service.open_ballots(
                edition,
                batch_id,
                given(form.declared),
                reason=form.reason.data or "",
                knowingly=bool(form.knowingly.data),
            )
            flash(_("Now two people key the ballots."), "ok")
            return redirect(url_for(".batch", edition_id=edition_id, batch_id=batch_id), 303)
        except ServiceError as error:
            status, problem = drop_changes(error), str(error)
            edition = editions.by_id(edition_id)
    found = service.batch_of(edition, batch_id)
    page = render(
        "participatory_budget/admin/paper/batch_open.html",
        edition=edition,
        batch=found,
        voters=slips.counted(found)[0],
        form=form,
        problem=problem,
    )
    return page, status or form.status


@bp.route("/<uuid:edition_id>/paper/<uuid:batch_id>/void", methods=["GET", "POST"])
@requires("participatory_budget.paper")
def void_batch(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Let nothing of a batch count."""
    edition, form, problem = editions.by_id(edition_id), ReasonForm(), ""
    status = form.status
    if form.sent():
        try:
            service.void(edition, batch_id, given(form.reason))
            flash(_("The batch is void. Its voters can vote again while the vote is open."), "ok")
            return redirect(url_for(".paper", edition_id=edition_id), 303)
        except ServiceError as error:
            status, problem = drop_changes(error), str(error)
            edition = editions.by_id(edition_id)
    page = render(
        "participatory_budget/admin/paper/batch_void.html",
        edition=edition,
        batch=service.batch_of(edition, batch_id),
        form=form,
        problem=problem,
    )
    return page, status or form.status


@bp.post("/<uuid:edition_id>/paper/finish")
@requires("participatory_budget.publish")
def finish_paper(edition_id: UUID) -> ResponseReturnValue:
    """Say that all ballots on paper are in the box; then the ballots are sealed."""
    edition = editions.by_id(edition_id, lock=True)
    try:
        service.finish(edition, me())
    except ServiceError as error:
        status = drop_changes(error)
        return _list(editions.by_id(edition_id), problem=str(error), status=status)
    flash(_("All paper is in. The ballots are being sealed."), "ok")
    return redirect(url_for(".edition", edition_id=edition_id), 303)


def _list(edition: Edition, *, problem: str = "", status: int = 200) -> tuple[str, int]:
    found = service.batches(edition)
    page = render(
        "participatory_budget/admin/paper/batches.html",
        edition=edition,
        batches=found,
        voters={one.id: slips.counted(one) for one in found},
        places={one.id: one.name for one in stations.stations(edition)},
        may_finish=may("participatory_budget.publish")
        and edition.stage is Stage.COUNTING
        and edition.sealed_at is None
        and waits_for_paper(edition),
        problem=problem,
    )
    return page, status
