"""Moving an edition on: every step has a page that says what it does, and asks."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, date_and_time, render, requires

from ..forms.dates import ExtendForm, comes_twice
from ..models import Count, Edition
from ..services import certifying, closing, counting, editions, going_back, results
from ..services.steps import Step
from .blueprint import bp
from .hub import board_of, drop_changes, hub, to_hub

_TAKE: dict[Step, Callable[[UUID], Edition | Count]] = {
    Step.SHOW: editions.show,
    Step.HIDE: editions.hide,
    Step.FIX: editions.fix_ballot,
    Step.RELEASE: going_back.release_ballot,
    Step.OPEN: editions.open_now,
    Step.CLOSE: closing.close_now,
    Step.COUNT: counting.start_again,
    Step.PUBLISH: certifying.publish_result,
}


@bp.route(
    "/<uuid:edition_id>/<any(show,hide,fix,release,open,close,count,publish):name>", methods=["GET", "POST"]
)
@requires("participatory_budget.publish")
def step(edition_id: UUID, name: str) -> ResponseReturnValue:
    """Ask, then take a step."""
    asked = Step(name)
    edition = editions.by_id(edition_id)
    if request.method != "POST":
        return _question(edition, asked)
    try:
        _TAKE[asked](edition_id)
    except ServiceError as error:
        return _refused(edition_id, error)
    return to_hub(edition, _done(asked))


@bp.route("/<uuid:edition_id>/delete", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def delete(edition_id: UUID) -> ResponseReturnValue:
    """Ask, then delete an edition that residents do not see."""
    edition = editions.by_id(edition_id)
    if request.method != "POST":
        return _question(edition, Step.DELETE)
    try:
        going_back.delete_draft(edition_id)
    except ServiceError as error:
        return _refused(edition_id, error)
    flash(_("The edition is deleted."), "ok")
    return redirect(url_for(".index"), 303)


@bp.route("/<uuid:edition_id>/extend", methods=["GET", "POST"])
@requires("participatory_budget.publish")
def extend(edition_id: UUID) -> ResponseReturnValue:
    """Let the vote close later."""
    edition = editions.by_id(edition_id)
    if request.method != "POST" and Step.EXTEND not in board_of(edition).steps:
        return _not_now(edition)
    form = ExtendForm.of(edition)
    if not form.sent() or form.closes_at is None:
        return render("participatory_budget/admin/extend.html", edition=edition, form=form), form.status
    try:
        edition = editions.extend(edition_id, form.closes_at)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        page = "participatory_budget/admin/extend.html"
        return render(page, edition=edition, form=form, problem=str(error)), status
    if comes_twice(form.closes_at):
        flash(_("That time comes twice, as the clocks are put back that night. The first is meant."), "warn")
    return to_hub(edition, _("The vote closes on %(moment)s.", moment=date_and_time(form.closes_at)))


def _question(edition: Edition, asked: Step) -> ResponseReturnValue:
    board = board_of(edition)
    if asked not in board.steps:
        return _not_now(edition)
    return render(
        "participatory_budget/admin/step.html",
        edition=edition,
        step=asked.value,
        board=board,
        results=results.drafted(edition) if asked is Step.PUBLISH else None,
    )


def _not_now(edition: Edition) -> ResponseReturnValue:
    flash(_("This cannot be done now. The page shows where the edition stands."), "warn")
    return redirect(url_for(".edition", edition_id=edition.id), 303)


def _refused(edition_id: UUID, error: ServiceError) -> ResponseReturnValue:
    """Show where the edition stands now and why the step was not taken."""
    status = drop_changes(error)
    return hub(editions.by_id(edition_id), problem=str(error)), status


def _done(taken: Step) -> str:
    return {
        Step.SHOW: _("Residents can see the edition now."),
        Step.HIDE: _("Residents no longer see the edition."),
        Step.FIX: _("The ballot is fixed. The clock opens and closes the vote."),
        Step.RELEASE: _("The ballot can be changed again. The vote does not open by itself."),
        Step.OPEN: _("The vote is open."),
        Step.CLOSE: _("The vote is closed."),
        Step.COUNT: _("The count has begun."),
        Step.PUBLISH: _("The result is published."),
    }[taken]
