"""Printed codes: made, printed once, counted, made void."""

import io
from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sdk import (
    BYTE_ORDER_MARK,
    Invalid,
    ServiceError,
    _,
    csv_lines,
    given,
    may,
    ngettext,
    number,
    render,
    requires,
)

from ...forms.voting import LettersForm, VoidForm
from ...models import Edition, LetterBatch
from ...rules.codes import grouped
from ...rules.ways import Way
from ...services import editions
from ...services.access import access_of
from ...services.codes import letters as service
from ..blueprint import bp
from ..hub import drop_changes
from ..sections import Section, section


@section(31)
def _line(edition: Edition) -> Section | None:
    """Lead to the printed codes, where people vote with them."""
    if not may("participatory_budget.manage") or not access_of(edition).has(Way.LETTER):
        return None
    made = sum(batch.number for batch in service.batches(edition))
    hint = (
        ngettext("%(count)s code", "%(count)s codes", made, count=number(made))
        if made
        else _("None made yet")
    )
    return Section(
        _("Printed codes"), url_for("participatory_budget_admin.letters", edition_id=edition.id), hint
    )


@bp.get("/<uuid:edition_id>/letters")
@requires("participatory_budget.manage")
def letters(edition_id: UUID) -> ResponseReturnValue:
    """List the batches, with how many codes were used."""
    edition = editions.by_id(edition_id)
    return render(
        "participatory_budget/admin/codes/letters.html",
        edition=edition,
        batches=service.batches(edition),
        use=service.use_of(edition),
    )


@bp.route("/<uuid:edition_id>/letters/new", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def new_letters(edition_id: UUID) -> ResponseReturnValue:
    """Make codes and show them, once."""
    edition, form = editions.by_id(edition_id), LettersForm()
    if not form.sent():
        return _new_page(edition, form), form.status
    try:
        lines = _lines(edition, form)
        if form.form.data == "sheets" and len(lines) > service.MOST_SHEETS:
            raise Invalid(_("More than %(most)s codes come as a CSV file.", most=service.MOST_SHEETS))
        batch, printed = service.make(edition, given(form.title), lines)
    except ServiceError as error:
        status = drop_changes(error)
        return _new_page(editions.by_id(edition_id), form, problem=str(error)), status
    return _csv(batch, printed) if form.form.data == "csv" else _sheets(edition, batch, printed)


@bp.route("/<uuid:edition_id>/letters/<uuid:batch_id>/void", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def void_letters(edition_id: UUID, batch_id: UUID) -> ResponseReturnValue:
    """Let a batch, or one code of it, lead to no ballot any more."""
    edition, form = editions.by_id(edition_id), VoidForm()
    batch = service.batch_of(edition, batch_id)
    if not form.sent():
        return _void_page(edition, batch, form), form.status
    try:
        if form.which.data:
            service.void_one(edition, batch_id, form.which.data, given(form.reason))
        else:
            service.void_batch(edition, batch_id, given(form.reason))
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        return _void_page(edition, service.batch_of(edition, batch_id), form, problem=str(error)), status
    flash(_("The code is void.") if form.which.data else _("The batch is void."), "ok")
    return redirect(url_for(".letters", edition_id=edition_id), 303)


def _lines(edition: Edition, form: LettersForm) -> Sequence[service.Line]:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return service.read_list(edition, io.BytesIO(sent.read()))
    wanted = form.number.data
    if not wanted or wanted > service.MOST:
        raise Invalid(_("Enter a number from 1 to %(most)s, or choose a list.", most=service.MOST))
    return [service.Line()] * wanted


def _sheets(edition: Edition, batch: LetterBatch, printed: Sequence[service.Printed]) -> Response:
    address = url_for("participatory_budget_public.type_letter", slug=edition.slug, _external=True)
    drawn = [
        # The picture is drawn by segno from a code of ours. What stands behind "#" is sent to no server and kept in no log.
        (one, grouped(one.code), Markup(one.picture(f"{address}#{one.code}")))  # noqa: S704
        for one in printed
    ]
    page = render(
        "participatory_budget/admin/codes/sheets.html",
        edition=edition,
        batch=batch,
        letters=drawn,
        address=address,
    )
    return _once(Response(page, mimetype="text/html"))


def _csv(batch: LetterBatch, printed: Sequence[service.Printed]) -> Response:
    body = BYTE_ORDER_MARK + "".join(csv_lines(service.csv_of(printed)))
    answer = Response(body, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="codes-{batch.id.hex[:8]}.csv"'
    return _once(answer)


def _once(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _new_page(edition: Edition, form: LettersForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/codes/letters_new.html",
        edition=edition,
        form=form,
        problem=problem,
        most=service.MOST,
    )


def _void_page(edition: Edition, batch: LetterBatch, form: VoidForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/codes/letters_void.html",
        edition=edition,
        batch=batch,
        form=form,
        problem=problem,
    )
