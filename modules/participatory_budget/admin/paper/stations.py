"""Polling places: added, given officers, opened and closed in a journal."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import (
    NotFound,
    ServiceError,
    _,
    current_account,
    given,
    may,
    ngettext,
    render,
    requires,
)

from ...forms.voting import JournalForm, StationForm, happening_text
from ...models import Edition, Happening, Station
from ...rules.ways import Way
from ...services import editions
from ...services.access import access_of
from ...services.paper_votes import stations as service
from ..blueprint import bp
from ..hub import drop_changes
from ..sections import Group, Section, section
from .people import me


@section(32)
def _line(edition: Edition) -> Section | None:
    """Lead to the polling places, where there can be any."""
    if not access_of(edition).has(Way.BOOTH, Way.PAPER):
        return None
    account = current_account()
    own = service.mine(edition, account) if account is not None and may(service.OFFICER) else []
    if not may("participatory_budget.manage") and not own:
        return None
    found = len(service.stations(edition))
    hint = ngettext("%(num)d place", "%(num)d places", found) if found else _("None")
    url = url_for("participatory_budget_admin.stations", edition_id=edition.id)
    return Section(_("Polling places"), url, hint, group=Group.RUN)


@bp.route("/<uuid:edition_id>/stations", methods=["GET", "POST"])
@requires("participatory_budget.officer")
def stations(edition_id: UUID) -> ResponseReturnValue:
    """List the places: all of them for those who set up the vote, one's own for officers."""
    edition, form, problem, status = editions.by_id(edition_id), StationForm(), "", 200
    manages = may("participatory_budget.manage")
    if request.method == "POST" and manages:
        if form.sent():
            try:
                made = service.make(edition, given(form.name), form.address.data or "")
                return redirect(url_for(".station", edition_id=edition_id, station_id=made.id), 303)
            except ServiceError as error:
                status, problem = drop_changes(error), str(error)
                edition = editions.by_id(edition_id)
        status = 422
    account = current_account()
    shown = service.stations(edition) if manages else service.mine(edition, account) if account else []
    page = render(
        "participatory_budget/admin/paper/stations.html",
        edition=edition,
        stations=shown,
        form=form,
        manages=manages,
        problem=problem,
    )
    return page, status


@bp.get("/<uuid:edition_id>/stations/<uuid:station_id>")
@requires("participatory_budget.officer")
def station(edition_id: UUID, station_id: UUID) -> ResponseReturnValue:
    """Show a place with its officers and its journal."""
    edition = editions.by_id(edition_id)
    return _page(edition, _seen(edition, station_id))


@bp.post("/<uuid:edition_id>/stations/<uuid:station_id>/officers")
@requires("participatory_budget.manage")
def officers(edition_id: UUID, station_id: UUID) -> ResponseReturnValue:
    """Say who works at a place."""
    edition = editions.by_id(edition_id)
    known = {str(person.id): person.id for person in service.staff()}
    chosen = [known[one] for one in request.form.getlist("officer") if one in known]
    service.set_officers(edition, station_id, chosen)
    flash(_("The officers are saved."), "ok")
    return redirect(url_for(".station", edition_id=edition_id, station_id=station_id), 303)


@bp.post("/<uuid:edition_id>/stations/<uuid:station_id>/journal")
@requires("participatory_budget.officer")
def journal(edition_id: UUID, station_id: UUID) -> ResponseReturnValue:
    """Open or close a place, confirm its close, or write down what happens."""
    edition, form = editions.by_id(edition_id), _journal_form()
    act, words, by = request.form.get("act", ""), request.form.get("words", ""), me()
    service.must_work_at(service.station_of(edition, station_id), by)
    if act not in ("open", "close", "confirm") and not form.sent():
        return _page(edition, service.station_of(edition, station_id), form=form, status=422)
    try:
        if act == "open":
            service.open_station(edition, station_id, by, words)
        elif act == "close":
            service.close_station(edition, station_id, by, words)
        elif act == "confirm":
            service.confirm_closed(edition, station_id, by, words)
        else:
            what = Happening(form.what.data)
            service.write(edition, station_id, what, by, words=words, number=form.number.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        place = service.station_of(edition, station_id)
        return _page(edition, place, form=form, problem=str(error), status=status)
    flash(_("It is written down."), "ok")
    return redirect(url_for(".station", edition_id=edition_id, station_id=station_id), 303)


def _seen(edition: Edition, station_id: UUID) -> Station:
    place, account = service.station_of(edition, station_id), current_account()
    if may("participatory_budget.manage"):
        return place
    if account is None or place not in service.mine(edition, account):
        raise NotFound(_("There is no such polling place."))
    return place


def _journal_form() -> JournalForm:
    return JournalForm.made([(one.value, happening_text(one)) for one in service.WRITTEN])


def _page(
    edition: Edition,
    place: Station,
    *,
    form: JournalForm | None = None,
    problem: str = "",
    status: int = 200,
) -> tuple[str, int]:
    account, working = current_account(), service.officers_of(place)
    page = render(
        "participatory_budget/admin/paper/station.html",
        edition=edition,
        station=place,
        officers=working,
        staff=service.staff() if may("participatory_budget.manage") else [],
        works_here=account is not None and account in working,
        may_confirm=account is not None and place.closed_by != account.id,
        lines=[(line, happening_text(line.what), name) for line, name in service.journal(place)],
        form=form or _journal_form(),
        manages=may("participatory_budget.manage"),
        problem=problem,
    )
    return page, status
