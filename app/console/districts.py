"""The list of the city's districts."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from app.console.blueprint import bp
from app.core import districts as service
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.i18n import offered
from app.core.text import Localized
from app.web.forms import Form, at_most, required
from app.web.gates import requires
from app.web.localized import LocalizedField, in_first_language
from app.web.page import render


class DistrictsForm(Form):
    """Districts to add, many at once."""

    lines = TextAreaField(
        _l("Districts to add"),
        [required(_l("Write at least one district.")), at_most(20_000)],
        description=_l(
            "One on each line: its code, a comma, its name. The code stays for good, for example “11, Popincourt”."
        ),
    )

    def wanted(self) -> list[tuple[str, Localized]]:
        """Return (code, name in the city's first language) of each line; a line without a comma is both."""
        lines = [line.strip() for line in (self.lines.data or "").splitlines() if line.strip()]
        split = [line.partition(",") for line in lines]
        return [
            (code.strip(), {offered()[0]: (name.strip() or code.strip())}) for code, _comma, name in split
        ]

    def validate_lines(self, field: TextAreaField) -> None:
        """Refuse names that are too long."""
        field.errors = [
            _("%(code)s: use at most %(max)s characters for the name.", code=code, max=service.NAME_LENGTH)
            for code, name in self.wanted()
            if len(next(iter(name.values()))) > service.NAME_LENGTH
        ]


class DistrictForm(Form):
    """What a district is called."""

    name = LocalizedField(
        _l("Name"),
        [in_first_language(_l("Write the name (%(language)s)."))],
        longest=service.NAME_LENGTH,
    )


@bp.route("/settings/districts", methods=["GET", "POST"])
@requires("console.manage")
def districts() -> ResponseReturnValue:
    """List the districts and add some."""
    form = DistrictsForm()
    if form.sent():
        try:
            service.add_districts(form.wanted())
        except Invalid as error:
            form.refuse(form.lines, error)
        else:
            flash(_("The districts are saved."), "ok")
            return redirect(url_for(".districts"), 303)
    return render("console/districts.html", form=form, districts=service.districts()), form.status


@bp.route("/settings/districts/<code>", methods=["GET", "POST"])
@requires("console.manage")
def district(code: str) -> ResponseReturnValue:
    """Give a district another name."""
    found = service.district(code)
    form = DistrictForm(data={"name": found.name})
    if form.sent():
        service.rename_district(code, form.name.data)
        flash(_("The district is saved."), "ok")
        return redirect(url_for(".districts"), 303)
    return render("console/district.html", form=form, district=found), form.status


@bp.post("/settings/districts/<code>/move")
@requires("console.manage")
def move_district(code: str) -> ResponseReturnValue:
    """Let a district change places with the one above or below it."""
    service.move_district(code, up=request.form.get("up") == "1")
    return redirect(url_for(".districts"), 303)


@bp.route("/settings/districts/<code>/remove", methods=["GET", "POST"])
@requires("console.manage")
def remove_district(code: str) -> ResponseReturnValue:
    """Ask, say what needs it, then take a district off the list."""
    found, status = service.district(code), 200
    if Form().sent():
        try:
            service.remove_district(code)
        except Conflict:
            status = 409
        else:
            flash(_("%(name)s is no longer a district.", name=found.title), "ok")
            return redirect(url_for(".districts"), 303)
    needed = service.uses_of(code)
    return render("console/district_remove.html", district=found, needed=needed), status
