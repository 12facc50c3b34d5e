"""What stands out among votes without an account, and doubts that two people look into."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, Forbidden, ServiceError, _, current_account, may, ngettext, render, requires

from ...models import Edition
from ...rules.ways import CODED, Way
from ...services import doubts as service
from ...services import editions
from ...services.access import access_of, way_title
from ..blueprint import bp
from ..sections import Group, Section, State, section


@section(45)
def _line(edition: Edition) -> Section | None:
    """Lead to what stands out, where people vote without an account."""
    if not may("participatory_budget.publish") or not access_of(edition).has(*CODED, Way.BOOTH):
        return None
    found = sum(burst.stands_out for burst in service.bursts(edition))
    waiting = sum(one.upheld is None for one in service.challenges(edition))
    hint = (
        ngettext("%(num)d doubt to decide", "%(num)d doubts to decide", waiting)
        if waiting
        else ngettext("%(num)d group stands out", "%(num)d groups stand out", found)
        if found
        else _("Nothing stands out")
    )
    url = url_for("participatory_budget_admin.doubts", edition_id=edition.id)
    return Section(_("Unusual activity"), url, hint, State.TODO if waiting else State.NONE, Group.RUN)


@bp.get("/<uuid:edition_id>/doubts")
@requires("participatory_budget.publish")
def doubts(edition_id: UUID) -> ResponseReturnValue:
    """Show from where voters without an account came, and the doubts; no choices."""
    edition = editions.by_id(edition_id)
    account = current_account()
    return render(
        "participatory_budget/admin/codes/doubts.html",
        edition=edition,
        bursts=service.bursts(edition),
        challenges=service.challenges(edition),
        me=account.id if account else None,
        short=service.short_name,
        stamp=lambda at: int(at.timestamp()),
    )


@bp.route("/<uuid:edition_id>/doubts/<network>/<int:stamp>", methods=["GET", "POST"])
@requires("participatory_budget.publish")
def burst(edition_id: UUID, network: str, stamp: int) -> ResponseReturnValue:
    """Show who came from one part of the network within ten minutes, and raise doubts."""
    edition = editions.by_id(edition_id)
    if stamp > 4_000_000_000:
        abort(404)
    at, problem, status = datetime.fromtimestamp(stamp, UTC), "", 200
    voters = service.in_burst(edition, network, at)
    reason = request.form.get("reason", "")
    if request.method == "POST":
        chosen = [one.name for one in voters if one.short in request.form.getlist("voter")]
        try:
            raised = service.challenge(edition, chosen, reason, _me())
        except ServiceError as error:
            problem, status = str(error), error.status
        else:
            flash(ngettext("%(num)d doubt is raised.", "%(num)d doubts are raised.", raised), "ok")
            return redirect(url_for(".doubts", edition_id=edition_id), 303)
    page = render(
        "participatory_budget/admin/codes/burst.html",
        edition=edition,
        voters=voters,
        at=at,
        network=network,
        stamp=stamp,
        problem=problem,
        reason=reason,
        way_title=way_title,
    )
    return page, status


@bp.post("/<uuid:edition_id>/challenges/<uuid:challenge_id>")
@requires("participatory_budget.publish")
def decide_challenge(edition_id: UUID, challenge_id: UUID) -> ResponseReturnValue:
    """Decide about a doubt that somebody else has raised."""
    edition = editions.by_id(edition_id)
    upheld = request.form.get("upheld") == "1"
    service.decide(edition, challenge_id, upheld=upheld, decision=request.form.get("decision", ""), by=_me())
    flash(_("It is decided."), "ok")
    return redirect(url_for(".doubts", edition_id=edition_id), 303)


def _me() -> Account:
    account = current_account()
    if account is None:
        raise Forbidden(
            _("This is for people with an account in this city. An operator on a visit has none.")
        )
    return account
