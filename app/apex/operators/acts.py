"""What operators do to a city's life: suspend, resume, rename, migrate, export, copy, erase; each page asks first."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from app.apex.forms import plain_line
from app.apex.operators.blueprint import bp
from app.apex.operators.city import may_be_done, record_of
from app.apex.operators.forms import SureForm
from app.core.errors import Conflict, Invalid, ServiceError
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, given, required
from app.web.page import render
from tenants import addresses, lifecycle, names, operations
from tenants.erasure.scheduling import GRACE, cancel_erasure, schedule_erasure
from tenants.journal import note
from tenants.models import CityRecord


class SuspendForm(SureForm):
    """Why a city is closed for a while."""

    reason = TextAreaField(
        _l("What do residents read?"),
        [required(), at_most(lifecycle.LONGEST_REASON)],
        description=_l("In the city's language: why the site is closed, and whom to ask."),
    )


class RenameForm(Form):
    """Another name, another address."""

    name = StringField(_l("City name"), [required(), at_most(lifecycle.LONGEST_NAME)], [plain_line])
    slug = StringField(_l("Web address"), [required(), at_most(253)], [plain_line])


class CopyForm(Form):
    """What the copy is called."""

    name = StringField(_l("Name of the copy"), [required(), at_most(lifecycle.LONGEST_NAME)], [plain_line])
    slug = StringField(_l("Web address of the copy"), [required(), at_most(253)], [plain_line])


class EraseForm(SureForm):
    """The address of the city, typed; and why."""

    typed = StringField(_l("Type the city's address to confirm"), [required(), at_most(253)], [plain_line])
    reason = TextAreaField(
        _l("Why is the city erased?"),
        [required(), at_most(lifecycle.LONGEST_REASON)],
        description=_l("Whoever opens the city's address until then reads it."),
    )
    addresses: tuple[str, ...] = ()

    def validate_typed(self, field: StringField) -> None:
        """Refuse every address but the city's own."""
        if (field.data or "").lower() not in self.addresses:
            raise ValidationError(_("This is not the address of the city."))


@bp.route("/cities/<city_id>/suspend", methods=["GET", "POST"])
def suspend(city_id: str) -> ResponseReturnValue:
    """Ask what residents shall read, show it as they will see it, then close the city."""
    record, form = _allowed(city_id, "suspend"), SuspendForm()
    if request.form.get("preview"):
        return _page("suspend", record, form, preview=form.reason.data or "")
    if form.sure():
        try:
            lifecycle.suspend(record_of(city_id), given(form.reason))
        except (Conflict, Invalid) as error:
            form.refuse(form.reason, error)
        else:
            return _done(city_id, _("%(city)s is suspended.", city=record_of(city_id).name))
    return _page("suspend", record_of(city_id), form, preview="")


@bp.route("/cities/<city_id>/resume", methods=["GET", "POST"])
def resume(city_id: str) -> ResponseReturnValue:
    """Ask, then open a suspended city again."""
    record = _allowed(city_id, "resume")
    if Form().sent():
        lifecycle.resume(record)
        return _done(city_id, _("%(city)s is live again.", city=record.name))
    return _confirm(
        record,
        _("Resume %(city)s?", city=record.name),
        _("Resume"),
        _("Residents and staff find everything as it was. What waited for it is done now."),
    )


@bp.route("/cities/<city_id>/rename", methods=["GET", "POST"])
def rename(city_id: str) -> ResponseReturnValue:
    """Give a city another name or address; the former address leads to the new one."""
    record = _allowed(city_id, "rename")
    form = RenameForm(data={"name": record.name, "slug": record.slug})
    if form.sent():
        slug = names.clean(given(form.slug), current_app.config["PARVIS"].base_domain)
        try:
            lifecycle.rename(record, name=given(form.name), slug=slug)
        except (addresses.Taken, Invalid) as error:
            form.refuse(form.slug, error)
        else:
            return _done(city_id, _("The city is now called %(city)s.", city=record.name))
    return _page("rename", record, form)


@bp.route("/cities/<city_id>/migrate", methods=["GET", "POST"])
def migrate(city_id: str) -> ResponseReturnValue:
    """Ask, then have a worker bring the city's tables to the revisions of this version."""
    record = _allowed(city_id, "migrate")
    if Form().sent():
        operations.ask("migrate", city_id)
        note("city.migration_asked", city_id)
        return _done(city_id, _("The migration is asked for. You can follow it below."))
    return _confirm(
        record,
        _("Migrate %(city)s?", city=record.name),
        _("Migrate"),
        _(
            "A worker brings the city's tables to the revisions of this version. The city stays open meanwhile."
        ),
    )


@bp.route("/cities/<city_id>/export", methods=["GET", "POST"])
def export(city_id: str) -> ResponseReturnValue:
    """Ask, then have a worker write everything the city has into one archive."""
    record = _allowed(city_id, "export")
    if Form().sent():
        operations.ask("export", city_id)
        note("city.export_asked", city_id)
        return _done(
            city_id, _("The export is asked for. You can follow it below and download it from there.")
        )
    return _confirm(
        record,
        _("Export %(city)s?", city=record.name),
        _("Export"),
        _("A worker writes everything the city has into one archive: its tables, its files, a description."),
        _("The archive holds personal data of residents. Whoever downloads it is written down."),
    )


@bp.route("/cities/<city_id>/copy", methods=["GET", "POST"])
def copy(city_id: str) -> ResponseReturnValue:
    """Have a worker make a second city like this one, for training."""
    record, form = _allowed(city_id, "copy"), CopyForm()
    if form.sent():
        slug = names.clean(given(form.slug), current_app.config["PARVIS"].base_domain)
        said = addresses.trouble(slug)
        if not said:
            operations.ask("copy", city_id, slug=slug, city_name=given(form.name))
            note("city.copy_asked", city_id, slug=slug)
            return _done(city_id, _("The copy is asked for. You can follow it below."))
        form.refuse(form.slug, Invalid(said))
    return _page("copy", record, form)


@bp.route("/cities/<city_id>/erase", methods=["GET", "POST"])
def erase(city_id: str) -> ResponseReturnValue:
    """Ask for the typed address and a fresh code; then close the city and have it erased when the grace is over."""
    record, form = _allowed(city_id, "erase"), EraseForm()
    form.addresses = (record.slug, addresses.host_of(record.slug))
    if form.sure():
        try:
            schedule_erasure(record_of(city_id), reason=given(form.reason))
        except ServiceError as error:
            form.refuse(form.reason, error)
        else:
            return _done(city_id, _("%(city)s is closed and will be erased.", city=record_of(city_id).name))
    return _page("erase", record_of(city_id), form, grace=GRACE.days)


@bp.route("/cities/<city_id>/keep", methods=["GET", "POST"])
def keep(city_id: str) -> ResponseReturnValue:
    """Ask, then take an erasure back."""
    record = _allowed(city_id, "keep")
    if Form().sent():
        cancel_erasure(record)
        return _done(city_id, _("%(city)s is kept.", city=record.name))
    return _confirm(
        record,
        _("Keep %(city)s?", city=record.name),
        _("Keep the city"),
        _("Nothing is erased. The city is again what it was before."),
    )


def _allowed(city_id: str, act: str) -> CityRecord:
    record = record_of(city_id)
    if act not in may_be_done(record):
        raise Conflict(_("%(city)s is in a state in which this cannot be done.", city=record.name))
    return record


def _page(act: str, record: CityRecord, form: Form, **values: object) -> ResponseReturnValue:
    status = 200 if request.form.get("preview") else form.status
    page = render(f"operators/{act}.html", record=record, form=form, host_of=addresses.host_of, **values)
    return page, status


def _confirm(record: CityRecord, title: str, yes: str, *lines: str) -> str:
    return render_template("operators/confirm.html", record=record, title=title, yes=yes, lines=lines)


def _done(city_id: str, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for(".city", city_id=city_id), 303)
