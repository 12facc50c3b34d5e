"""Lists of residents and codes for letters: taking them in, replacing, ending; no list is kept, only hashes."""

import io
from collections.abc import Sequence
from uuid import UUID

import segno
from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.accounts.attributes.kinds import kinds, words_of
from app.accounts.rolls import codes, importing
from app.accounts.rolls import services as service
from app.accounts.rolls.models import Roll, RollKind
from app.accounts.rolls.normal import Field
from app.accounts.rolls.reading import Wrong, preview
from app.console.blueprint import bp
from app.console.rolls_forms import SHEETS, CodesForm, FileForm, RollForm, end_of, granted
from app.core.db import db
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.web.attributes import field_label, typed_form, typed_in
from app.web.filters import number
from app.web.forms import Form, given
from app.web.gates import requires
from app.web.page import render
from app.web.spreadsheets import BYTE_ORDER_MARK, csv_lines


@bp.get("/rolls/")
@requires("people.rolls")
def rolls() -> str:
    """Show lists and letters, with how many people have used each."""
    found = service.rolls()
    return render(
        "console/rolls.html",
        lists=[one for one in found if one.kind is RollKind.PEOPLE],
        batches=[one for one in found if one.kind is RollKind.CODES],
        used=service.used([one.id for one in found]),
        told=_told,
        state=_state,
    )


@bp.route("/rolls/new", methods=["GET", "POST"])
@requires("people.rolls")
def new_roll() -> ResponseReturnValue:
    """Look at the beginning of a file and ask what its columns are."""
    form = FileForm()
    if form.sent():
        try:
            seen = preview(form.file.data.stream)
        except Invalid as error:
            form.refuse(form.file, error)
        else:
            return render(
                "console/roll_columns.html", form=RollForm(_replaceable(), seen), preview=seen, wrong=[]
            )
    return render("console/roll_new.html", form=form), form.status


@bp.post("/rolls/import")
@requires("people.rolls")
def import_roll() -> ResponseReturnValue:
    """Take a list in; a wrong one is refused as a whole, with the lines."""
    form, wrong = RollForm(_replaceable()), []
    if form.sent():
        try:
            report = importing.take_in(form.file.data.stream, form.wish())
        except Invalid as error:
            db.session.rollback()
            wrong = _lines(error.report) if isinstance(error, importing.WrongLines) else []
            form = RollForm(_replaceable())
            form.sent()
            form.refuse(form.file, error)
        else:
            flash(_taken(report), "ok")
            return redirect(url_for(".rolls"), 303)
    return render("console/roll_columns.html", form=form, preview=None, wrong=wrong), 422


@bp.route("/rolls/<uuid:roll_id>/end", methods=["GET", "POST"])
@requires("people.rolls")
def end_roll(roll_id: UUID) -> ResponseReturnValue:
    """Ask, then take a list or a batch of codes out of use."""
    roll = service.roll(roll_id)
    if not Form().sent():
        return render("console/roll_end.html", roll=roll, used=service.used([roll.id]).get(roll.id, 0))
    try:
        service.end(roll_id)
    except Conflict as error:
        flash(str(error), "warn")
    else:
        flash(_("Out of use. Its hashes are deleted."), "ok")
    return redirect(url_for(".rolls"), 303)


@bp.route("/rolls/<uuid:roll_id>/free", methods=["GET", "POST"])
@requires("people.rolls")
def free_place(roll_id: UUID) -> ResponseReturnValue:
    """Free a person of a list whose account was deleted."""
    roll = service.list_of_people(roll_id)
    form, problem = typed_form(roll.fields), ""
    if form.sent():
        try:
            service.free(roll_id, typed_in(form, roll.fields))
        except (Invalid, Conflict) as error:
            problem = str(error)
        else:
            flash(_("Freed. She can verify another account now."), "ok")
            return redirect(url_for(".rolls"), 303)
    page = render("console/roll_free.html", form=form, roll=roll, problem=problem)
    return page, 422 if problem else form.status


@bp.route("/rolls/codes", methods=["GET", "POST"])
@requires("people.rolls")
def new_codes() -> ResponseReturnValue:
    """Make codes and hand them out once: as a file, or as a page to print."""
    form = CodesForm()
    if form.sent():
        as_sheets = form.form.data == SHEETS
        if as_sheets and given(form.number) > codes.MOST_SHEETS:
            most = number(codes.MOST_SHEETS)
            form.refuse(
                form.number, Invalid(_("One page holds at most %(most)s. Take the file for more.", most=most))
            )
        else:
            grants, ends_at = granted(form.grants.data), end_of(form.ends_on.data)
            batch, made = codes.make(given(form.title), given(form.number), grants, ends_at=ends_at)
            return _sheets(batch, made) if as_sheets else _file(batch, made)
    return render("console/codes_new.html", form=form), form.status


def _file(batch: Roll, made: Sequence[str]) -> Response:
    until = batch.ends_at.date().isoformat() if batch.ends_at else ""
    heads = (_("Code"), _("Address"), _("Works until"))
    lines = csv_lines([heads, *((code, _address(code), until) for code in made)])
    response = Response(BYTE_ORDER_MARK + lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="codes.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _sheets(batch: Roll, made: Sequence[str]) -> Response:
    letters = [(code, _picture(_address(code))) for code in made]
    page = render("console/codes_sheets.html", batch=batch, letters=letters, told=_told(batch))
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _address(code: str) -> str:
    return url_for("portal_known.overview", code=code, _external=True)


def _picture(address: str) -> Markup:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", scale=3, xmldecl=False, svgns=False, svgclass=None, light="#fff", lineclass=None
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704  drawn here


def _replaceable() -> Sequence[Roll]:
    return [one for one in service.rolls(RollKind.PEOPLE) if one.replaced_at is None]


def _told(roll: Roll) -> str:
    """Return what a list or a code proves, in words."""
    known = kinds()
    said = [
        f"{known[name].title if name in known else name}: {words_of(name, value, known)}"
        for name, value in roll.grants.items()
    ]
    if roll.carried:
        said.append(known[roll.carried].title if roll.carried in known else roll.carried)
    return ", ".join(said)


def _state(roll: Roll) -> str:
    return "done" if roll.replaced_at else "open"


def _taken(report: importing.Report) -> str:
    said = _("People on the list: %(number)s.", number=number(report.entered))
    if report.twice:
        said += " " + _("Lines that said the same as another one: %(number)s.", number=number(report.twice))
    if report.wrong:
        said += " " + _("Lines that were left out: %(number)s.", number=number(report.wrong))
    if report.stays_verified:
        said += " " + _("Residents who stay verified: %(number)s.", number=number(report.stays_verified))
    return said


def _lines(report: importing.Report) -> list[str]:
    shown = [_line(one) for one in report.shown]
    more = report.wrong - len(shown)
    return [*shown, *([_("and %(number)s more", number=number(more))] if more else [])]


def _line(wrong: Wrong) -> str:
    if wrong.field is None:
        return _("Line %(line)s: cells are missing, or letters or a value cannot be read.", line=wrong.line)
    return _(
        "Line %(line)s: %(field)s cannot be read.", line=wrong.line, field=field_label(Field(wrong.field))
    )
