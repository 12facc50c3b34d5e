"""What staff fill in: texts, money, ballot, dates."""

from collections.abc import Callable
from uuid import UUID

from flask import flash
from flask.typing import ResponseReturnValue

from app.sdk import Form, ServiceError, _, date_and_time, render, requires

from ..forms.ballot import BallotForm
from ..forms.dates import DatesForm, comes_twice
from ..forms.edition import TextsForm
from ..forms.money import MoneyForm
from ..forms.voters import VotersForm
from ..models import Edition
from ..rules.outcomes import Method
from ..services import editing, editions, eligibility
from ..services.marks import mark
from ..services.rule_words import method_name, method_note
from .blueprint import bp
from .hub import drop_changes, to_hub


@bp.route("/<uuid:edition_id>/texts", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def texts(edition_id: UUID) -> ResponseReturnValue:
    """Write what residents read about the edition."""
    edition = editions.by_id(edition_id)
    form = TextsForm.of(edition)
    if not form.sent():
        return _page("texts", edition, form), form.status
    try:
        saved = editing.change_texts(edition_id, form.texts(), seen=form.seen.data)
    except ServiceError as error:
        return _refused("texts", edition_id, form, error, editing.texts_of)
    return to_hub(saved, _("The texts are saved."))


@bp.route("/<uuid:edition_id>/money", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def money(edition_id: UUID) -> ResponseReturnValue:
    """Say how much money there is and how it is handed out."""
    edition = editions.by_id(edition_id)
    form = MoneyForm.of(edition)
    if not form.sent():
        return _page("money", edition, form, **_of_money(edition)), form.status
    try:
        saved = editing.change_money(edition_id, form.money(), seen=form.seen.data)
    except ServiceError as error:
        return _refused("money", edition_id, form, error, editing.money_of, notes=method_notes())
    return to_hub(saved, _("The money and the counting rule are saved."))


@bp.route("/<uuid:edition_id>/ballot", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def ballot(edition_id: UUID) -> ResponseReturnValue:
    """Say what one voter can choose."""
    edition = editions.by_id(edition_id)
    form = BallotForm.of(edition)
    if not form.sent():
        return _page("ballot", edition, form, locked=not editing.may_change_ballot(edition)), form.status
    try:
        method = edition.method
        saved = editing.change_ballot(edition_id, form.limits(), seen=form.seen.data)
    except ServiceError as error:
        return _refused("ballot", edition_id, form, error, editing.limits_of)
    if saved.method is not method:
        flash(
            _(
                "The counting rule did not fit the new ballot. It is now: %(rule)s",
                rule=method_name(saved.method),
            ),
            "warn",
        )
    return to_hub(saved, _("The ballot is saved."))


@bp.route("/<uuid:edition_id>/voters", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def voters(edition_id: UUID) -> ResponseReturnValue:
    """Say who can vote: everyone with an account, or whoever meets a rule."""
    edition = editions.by_id(edition_id)
    rule = eligibility.rule_of(edition)
    form = VotersForm.of(rule, seen=mark(rule))
    if not form.sent():
        locked = not editing.may_change_ballot(edition)
        sentences = eligibility.who_can_vote(edition)
        return _page("voters", edition, form, locked=locked, sentences=sentences), form.status
    try:
        saved = eligibility.change_voters(edition_id, form.rule(), seen=form.seen.data)
    except ServiceError as error:
        return _refused("voters", edition_id, form, error, eligibility.rule_of)
    return to_hub(saved, _("It is saved who can vote."))


@bp.route("/<uuid:edition_id>/dates", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def dates(edition_id: UUID) -> ResponseReturnValue:
    """Say when the vote opens and closes, by the city's clocks."""
    edition = editions.by_id(edition_id)
    form = DatesForm.of(edition)
    if not form.sent():
        return _page("dates", edition, form, locked=not editing.may_change_ballot(edition)), form.status
    try:
        saved = editing.change_dates(edition_id, form.dates, seen=form.seen.data)
    except ServiceError as error:
        return _refused("dates", edition_id, form, error, editing.dates_of)
    for moment in (saved.opens_at, saved.closes_at):
        if moment is not None and comes_twice(moment):
            flash(_twice(date_and_time(moment)), "warn")
    return to_hub(saved, _("The dates are saved."))


def _twice(moment: str) -> str:
    return _(
        "%(moment)s comes twice, as the clocks are put back that night. The first is meant.", moment=moment
    )


def _page(name: str, edition: Edition, form: Form, **more: object) -> str:
    return render(
        f"participatory_budget/admin/{name}.html",
        edition=edition,
        form=form,
        **{"problem": "", "locked": False, **more},
    )


def _refused(
    name: str,
    edition_id: UUID,
    form: Form,
    error: ServiceError,
    part_of: Callable[[Edition], object],
    **more: object,
) -> ResponseReturnValue:
    """Show the form with everything typed and why it was refused; what is saved now counts as seen."""
    status = drop_changes(error)
    edition = editions.by_id(edition_id)
    form.seen.data = mark(part_of(edition))
    return _page(name, edition, form, problem=str(error), **more), status


def _of_money(edition: Edition) -> dict[str, object]:
    return {"locked": not editing.may_change_money(edition), "notes": method_notes()}


def method_notes() -> dict[str, str]:
    """Return a sentence for each way of counting."""
    return {method.value: method_note(method) for method in Method}
