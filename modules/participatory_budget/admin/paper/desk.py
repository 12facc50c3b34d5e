"""The desk of a polling place: an officer looks somebody up and lets her vote; what she votes is never shown here."""

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, render, requires

from ...forms.voting import PersonForm, aside_text
from ...models import Edition, Station
from ...rules.ways import Way
from ...services import editions
from ...services.access import access_of
from ...services.eligibility import NotEligible
from ...services.paper_votes import at_the_desk as service
from ...services.paper_votes import stations
from ..blueprint import bp
from ..hub import drop_changes
from .people import me


@bp.route("/<uuid:edition_id>/stations/<uuid:station_id>/desk", methods=["GET", "POST"])
@requires("participatory_budget.officer")
def desk(edition_id: UUID, station_id: UUID) -> ResponseReturnValue:
    """Look somebody up; hand her a code for the screen, or a ballot on paper."""
    edition, by = editions.by_id(edition_id), me()
    place = stations.station_of(edition, station_id)
    stations.must_work_at(place, by)
    form = PersonForm.of(edition)
    if not form.sent():
        return _page(edition, place, form, status=form.status)
    who = (form.typed(), form.attested(), by)
    try:
        if request.form.get("act") == "paper":
            handed = service.hand_paper(edition, station_id, *who, district=form.district)
        else:
            handed = service.hand_code(edition, station_id, *who)
    except ServiceError as error:
        reasons = list(error.reasons) if isinstance(error, NotEligible) else []
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        place = stations.station_of(edition, station_id)
        return _page(edition, place, form, problem=" ".join([str(error), *reasons]), status=status)
    return _page(edition, place, PersonForm.of(edition, empty=True), handed=handed)


def _page(
    edition: Edition,
    place: Station,
    form: PersonForm,
    *,
    handed: service.Handed | None = None,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    refused = ""
    if handed is not None and handed.entered is not None and handed.entered.why is not None:
        refused = f"{aside_text(handed.entered.why)}. {handed.entered.words}"
    page = render(
        "participatory_budget/admin/paper/desk.html",
        edition=edition,
        station=place,
        form=form,
        handed=None if refused else handed,
        refused=refused,
        problem=problem,
        takes_paper=access_of(edition).has(Way.PAPER),
        takes_screen=access_of(edition).has(Way.BOOTH),
        empty=handed is not None,
    )
    answer = Response(page, status=409 if refused else status, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-store"
    return answer
