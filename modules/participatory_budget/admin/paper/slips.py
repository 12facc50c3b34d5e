"""One batch: who voted, and what is to be done next."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, current_account, render, requires

from ...forms.voting import PersonForm, aside_text, flaw_text
from ...models import BatchState, Edition
from ...rules.paper_ballots import Flaw
from ...services import editions
from ...services.paper_votes import batches, keying, stations
from ...services.paper_votes import slips as service
from ..blueprint import bp
from ..hub import drop_changes
from .people import me


@bp.get("/<uuid:edition_id>/paper/<uuid:batch_id>")
@requires("participatory_budget.paper")
def batch(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Show how far a batch has come."""
    edition = editions.by_id(edition_id)
    return _page(edition, batch_id, PersonForm.of(edition))


@bp.post("/<uuid:edition_id>/paper/<uuid:batch_id>/slips")
@requires("participatory_budget.paper")
def enter_slip(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Enter who signed a slip, or set an envelope aside."""
    edition, by = editions.by_id(edition_id), me()
    form, aside = PersonForm.of(edition), request.form.get("aside", "")
    if not aside and not form.sent():
        return _page(edition, batch_id, form, status=422)
    try:
        if aside:
            entered = service.refuse(edition, batch_id, _why(aside), by)
        else:
            entered = service.enter(edition, batch_id, form.typed(), form.attested(), by)
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), batch_id, form, problem=str(error), status=status)
    if entered.why is not None:
        words = _("Slip %(number)s: set the envelope aside, unopened.", number=entered.number)
        flash(f"{words} {aside_text(entered.why)}. {entered.words}", "warn")
    elif entered.replaced:
        flash(
            _("Slip %(number)s is entered. It takes the place of a vote on the web.", number=entered.number),
            "ok",
        )
    else:
        flash(
            _("Slip %(number)s is entered. Write this number on the envelope.", number=entered.number), "ok"
        )
    return redirect(url_for(".batch", edition_id=edition_id, batch_id=batch_id), 303)


@bp.post("/<uuid:edition_id>/paper/<uuid:batch_id>/strike")
@requires("participatory_budget.paper")
def strike_slip(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Take back a slip that was entered by mistake."""
    edition = editions.by_id(edition_id)
    number, reason = request.form.get("number", type=int) or 0, request.form.get("reason", "")
    try:
        service.strike(edition, batch_id, number, reason, me())
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        return _page(edition, batch_id, PersonForm.of(edition), problem=str(error), status=status)
    flash(_("Slip %(number)s is struck.", number=number), "ok")
    return redirect(url_for(".batch", edition_id=edition_id, batch_id=batch_id), 303)


def _why(text: str) -> service.SetAside:
    return service.SetAside(text) if text in set(service.SetAside) else service.SetAside.STRUCK


def _page(
    edition: Edition, batch_id: UUID, form: PersonForm, *, problem: str = "", status: int = 200
) -> tuple[str, int]:
    found = batches.batch_of(edition, batch_id)
    voters, _aside = service.counted(found)
    account = current_account()
    page = render(
        "participatory_budget/admin/paper/batch.html",
        edition=edition,
        batch=found,
        form=form,
        voters=voters,
        aside=[(number, aside_text(why)) for number, why in service.numbers_aside(found)],
        place=next((one.name for one in stations.stations(edition) if one.id == found.station_id), ""),
        keyings=batches.keyings(found),
        work=keying.my_work(found, account) if account else None,
        undecided=keying.undecided(found) if found.state is BatchState.KEYING else [],
        both=keying.both_finished(found),
        invalid=[(flaw_text(Flaw(name)), number) for name, number in found.invalid.items()],
        problem=problem,
    )
    return page, status
