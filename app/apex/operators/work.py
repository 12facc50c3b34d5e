"""Long work on a city that operators ask for: migrate, export, copy; and what comes of it."""

from uuid import UUID

from flask import current_app, send_file
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.accounts.services import clean_email
from app.apex.forms import plain_line
from app.apex.operators.asking import act_page, allowed, confirm, done
from app.apex.operators.blueprint import bp
from app.apex.operators.city import live, record_of
from app.apex.operators.forms import SureForm
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, given, required
from tenants import addresses, journal, lifecycle, names, operations
from tenants.archive import shelf
from tenants.models import CityRecord, Operation, OperationState

WITH, WITHOUT = "with", "without"


class ExportForm(SureForm):
    """With whom a city leaves the deployment."""

    people = RadioField(
        _l("People"),
        choices=[
            SelectChoice(WITH, _l("Everything, with its people")),
            SelectChoice(WITHOUT, _l("Other people in place of the real ones")),
        ],
        default=WITH,
    )


class CopyForm(SureForm):
    """What the copy is called, and who comes in."""

    name = StringField(_l("Name of the copy"), [required(), at_most(lifecycle.LONGEST_NAME)], [plain_line])
    slug = StringField(_l("Web address of the copy"), [required(), at_most(253)], [plain_line])
    administrator = EmailField(
        _l("Its administrator"),
        [Optional(), at_most(254)],
        [plain_line],
        description=_l(
            "The mail address of whoever will practise in it. Needed unless the real people are kept."
        ),
    )
    people = BooleanField(
        _l("Keep the real people"),
        description=_l("Without this they are replaced, and what they wrote is left out."),
    )

    def fits(self) -> bool:
        """Tell whether the address is free and somebody can come in; says beside the fields what is wrong."""
        said = addresses.trouble(self.address)
        if said:
            self.refuse(self.slug, Invalid(said))
        try:
            if self.administrator.data:
                clean_email(self.administrator.data)
            elif not self.people.data:
                raise Invalid(_("Name somebody: nobody of the real city can come into the copy."))
        except Invalid as error:
            self.refuse(self.administrator, error)
        return not self.errors

    @property
    def address(self) -> str:
        """Return the address as the platform keeps it."""
        return names.clean(self.slug.data or "", current_app.config["PARVIS"].base_domain)


@bp.route("/cities/<city_id>/migrate", methods=["GET", "POST"])
def migrate(city_id: str) -> ResponseReturnValue:
    """Ask, then have a worker bring the city's tables to the revisions of this version."""
    record = allowed(city_id, "migrate")
    if Form().sent():
        operations.ask("migrate", city_id)
        journal.note("city.migration_asked", city_id)
        return done(city_id, _("The migration is asked for. You can follow it below."))
    return confirm(
        record,
        _("Migrate %(city)s?", city=record.name),
        _("Migrate"),
        _(
            "A worker brings the city's tables to the revisions of this version. The city stays open meanwhile."
        ),
    )


@bp.route("/cities/<city_id>/export", methods=["GET", "POST"])
def export(city_id: str) -> ResponseReturnValue:
    """Ask for a fresh code, then have a worker write everything the city has into one archive."""
    allowed(city_id, "export")
    form = ExportForm()
    if form.sure():
        people = given(form.people) == WITH
        operations.ask("export", city_id, people=people)
        _note(record_of(city_id), "city.export_asked", people=people)
        return done(
            city_id, _("The export is asked for. You can follow it below and download it from there.")
        )
    return act_page("export", record_of(city_id), form)


@bp.get("/exports/<uuid:operation_id>")
def export_file(operation_id: UUID) -> ResponseReturnValue:
    """Hand over an export, and write down who took it."""
    operation = db.session.get(Operation, operation_id)
    if operation is None or operation.kind != "export" or operation.state is not OperationState.DONE:
        raise NotFound(_("There is no such export."))
    city_id = str(operation.city_id)
    path, record = shelf.path_of(str(operation.outcome.get("file")), city_id=city_id), record_of(city_id)
    day = (operation.ended_at or operation.asked_at).date().isoformat()
    name = f"{record.slug}-{day}.zip"
    _note(record, "city.export_fetched")
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


@bp.route("/cities/<city_id>/copy", methods=["GET", "POST"])
def copy(city_id: str) -> ResponseReturnValue:
    """Have a worker make a second city like this one, to practise in."""
    allowed(city_id, "copy")
    form = CopyForm()
    if form.sent() and form.fits() and form.sure():
        people = bool(form.people.data)
        operations.ask(
            "copy",
            city_id,
            address=form.address,
            name=given(form.name),
            people=people,
            administrator=form.administrator.data or "",
        )
        _note(record_of(city_id), "city.copy_asked", people=people)
        return done(city_id, _("The copy is asked for. You can follow it below."))
    return act_page("copy", record_of(city_id), form)


def _note(record: CityRecord, action: str, **details: bool) -> None:
    """Write into both journals: the city's administrators read what leaves their city."""
    journal.note(action, record.id, **details)
    journal.note_in_city(live(record), action, **details)
