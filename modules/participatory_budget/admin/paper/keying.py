"""Keying ballots: twice by two people, and by a third where they differ."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Invalid, ServiceError, _, given, picked, render, requires

from ...forms.voting import KeyForm, flaw_text
from ...models import BatchState, Edition, PaperBatch
from ...rules.ballots import BallotType
from ...rules.codes import CodeError
from ...rules.paper_ballots import Flaw, Reading, parse_marks, read_paper_code, written_marks
from ...services import editions
from ...services.paper_votes import batches
from ...services.paper_votes import keying as service
from ...services.rules_of import ballot_rule
from ...services.wording import grades_on_paper
from ..blueprint import bp
from ..hub import drop_changes
from .people import me


@bp.route("/<uuid:edition_id>/paper/<uuid:batch_id>/key", methods=["GET", "POST"])
@requires("participatory_budget.paper")
def key_batch(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Key one ballot after the other; nobody sees here what the other clerk has read."""
    edition, by, form = editions.by_id(edition_id), me(), KeyForm.made()
    if request.method == "GET":
        service.begin(edition, batch_id, by)
        return _page(edition, batch_id, form)
    if not form.sent():
        return _page(edition, batch_id, form, status=422)
    try:
        serial = _serial(batches.batch_of(edition, batch_id), given(form.serial))
        reading = _reading(edition, form)
        service.begin(edition, batch_id, by)
        service.enter(edition, batch_id, serial, reading, by)
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), batch_id, form, problem=str(error), status=status)
    return redirect(url_for(".key_batch", edition_id=edition_id, batch_id=batch_id, last=serial), 303)


@bp.post("/<uuid:edition_id>/paper/<uuid:batch_id>/forget")
@requires("participatory_budget.paper")
def forget_entry(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Take back what was keyed under a wrong number."""
    edition = editions.by_id(edition_id)
    service.forget(edition, batch_id, request.form.get("serial", type=int) or 0, me())
    return redirect(url_for(".key_batch", edition_id=edition_id, batch_id=batch_id), 303)


@bp.post("/<uuid:edition_id>/paper/<uuid:batch_id>/finish")
@requires("participatory_budget.paper")
def finish_keying(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """End one's turn; when both readings agree, the ballots go into the box."""
    edition = editions.by_id(edition_id)
    try:
        batch = service.finish(edition, batch_id, me())
    except ServiceError as error:
        status = drop_changes(error)
        return _page(editions.by_id(edition_id), batch_id, KeyForm.made(), problem=str(error), status=status)
    if batch.state is BatchState.IN_BOX:
        flash(_("Both readings agree: the ballots are in the box."), "ok")
    return redirect(url_for(".batch", edition_id=edition_id, batch_id=batch_id), 303)


@bp.route("/<uuid:edition_id>/paper/<uuid:batch_id>/compare/<int:serial>", methods=["GET", "POST"])
@requires("participatory_budget.paper")
def compare(edition_id: UUID, batch_id: UUID, serial: int) -> ResponseReturnValue:
    """Show two readings of a ballot side by side; a third person decides."""
    edition, form, problem = editions.by_id(edition_id), KeyForm.made(third=True), ""
    batch = batches.batch_of(edition, batch_id)
    found = {one.serial: one for one in service.undecided(batch)}
    if serial not in found:
        return redirect(url_for(".batch", edition_id=edition_id, batch_id=batch_id))
    one, status = found[serial], 200
    if request.method == "POST":
        try:
            reading, reason = _reading(edition, form), form.reason.data or ""
            decided = service.decide(edition, batch_id, serial, reading, reason=reason, by=me())
        except ServiceError as error:
            status, problem = drop_changes(error), str(error)
            edition = editions.by_id(edition_id)
            batch = batches.batch_of(edition, batch_id)
        else:
            if decided.state is BatchState.IN_BOX:
                flash(_("All is decided: the ballots are in the box."), "ok")
            return redirect(url_for(".batch", edition_id=edition_id, batch_id=batch_id), 303)
    page = render(
        "participatory_budget/admin/paper/compare.html",
        edition=edition,
        batch=batch,
        serial=serial,
        readings=[
            (_("First reading"), _shown(edition, one.first)),
            (_("Second reading"), _shown(edition, one.second)),
        ],
        form=form,
        how=_how(edition),
        problem=problem,
    )
    return page, status


@bp.route("/<uuid:edition_id>/paper/<uuid:batch_id>/restart", methods=["POST"])
@requires("participatory_budget.publish")
def restart_batch(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Throw both readings of a batch away."""
    edition = editions.by_id(edition_id)
    service.recount(edition, batch_id, request.form.get("reason", ""))
    flash(_("Both readings are gone. Two people begin anew."), "ok")
    return redirect(url_for(".batch", edition_id=edition_id, batch_id=batch_id), 303)


def _serial(batch: PaperBatch, typed: str) -> int:
    text = typed.strip()
    if text.isdecimal() and len(text) <= 4:
        return int(text)
    try:
        number, serial = read_paper_code(text)
    except CodeError:
        raise Invalid(
            _("This is no number of a paper. Scan it, or type the number beside the code.")
        ) from None
    if number != batch.number:
        raise Invalid(_("This paper belongs to batch %(number)s.", number=number))
    return serial


def _reading(edition: Edition, form: KeyForm) -> Reading:
    if form.flaw.data:
        return Reading({}, Flaw(form.flaw.data))
    try:
        marks = parse_marks(edition.ballot_type, form.marks.data or "")
    except ValueError as error:
        raise Invalid(_("“%(part)s” cannot be read, or stands twice.", part=str(error)[:40])) from None
    if not marks:
        raise Invalid(_("Type what is marked, or choose why the ballot is not valid."))
    return Reading(marks)


def _page(
    edition: Edition, batch_id: UUID, form: KeyForm, *, problem: str = "", status: int = 200
) -> tuple[str, int]:
    batch, by = batches.batch_of(edition, batch_id), me()
    entries = service.my_entries(batch, by)
    last = request.args.get("last", 0, type=int)
    page = render(
        "participatory_budget/admin/paper/key.html",
        edition=edition,
        batch=batch,
        form=form,
        work=service.my_work(batch, by),
        last=last,
        read=_shown(edition, entries[last]) if last in entries else None,
        typed=[(serial, _written(edition, one)) for serial, one in sorted(entries.items())],
        how=_how(edition),
        problem=problem,
    )
    return page, status


def _how(edition: Edition) -> str:
    """Return how a clerk types what stands on a ballot."""
    match edition.ballot_type:
        case BallotType.RANKED:
            return _("The numbers of the projects in the order of the ranking, the best first: 7 3 12")
        case BallotType.POINTS:
            return _("The number of each project with its points: 3=5 7=2")
        case BallotType.JUDGEMENT:
            grades = grades_on_paper(ballot_rule(edition))
            listed = ", ".join(f"{mark} {name}" for mark, name, _picture in grades)
            return _(
                "The number of each project with its grade: 3=5 7=2. The grades: %(grades)s", grades=listed
            )
        case _:
            return _("The numbers of the projects with a cross: 3 7 12")


def _written(edition: Edition, one: Reading) -> str:
    return flaw_text(one.flaw) if one.flaw else written_marks(edition.ballot_type, one.marks)


def _shown(edition: Edition, one: Reading | None) -> list[str]:
    """Return what was read, line by line, with the titles of the projects."""
    if one is None:
        return [_("Was not keyed")]
    if one.flaw is not None:
        return [flaw_text(one.flaw)]
    titles = {project.number: picked(project.title).text for project in edition.projects}
    simple = edition.ballot_type in (BallotType.APPROVAL, BallotType.KNAPSACK)
    grades = {}
    if edition.ballot_type is BallotType.JUDGEMENT:
        grades = {mark: f"{mark} {name}" for mark, name, _picture in grades_on_paper(ballot_rule(edition))}
    # As they stand on the paper, or in the order of the ranking.
    by_place = edition.ballot_type is BallotType.RANKED
    ordered = sorted(one.marks.items(), key=lambda pair: (pair[1] if by_place else 0, pair[0]))
    return [
        f"{number} {titles.get(number, '?')}" + ("" if simple else f": {grades.get(mark, mark)}")
        for number, mark in ordered
    ]
