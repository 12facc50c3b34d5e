"""What operators do to a city's life: suspend, resume, rename, erase, keep, name an administrator; each page asks first."""

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.apex.administrators import name_administrator
from app.apex.forms import plain_line
from app.apex.operators.asking import act_page, allowed, confirm, done
from app.apex.operators.blueprint import bp
from app.apex.operators.city import live, record_of
from app.apex.operators.forms import SureForm
from app.core.errors import Conflict, Invalid, ServiceError
from app.core.i18n import gettext as _
from app.web.forms import Form, at_most, given, required
from tenants import addresses, lifecycle, names
from tenants.erasure.scheduling import GRACE, cancel_erasure, schedule_erasure


class SuspendForm(SureForm):
    """Why a city is closed for a while."""

    reason = TextAreaField(
        _l("What do residents read?"),
        [required(_l("Say why: residents read it.")), at_most(lifecycle.LONGEST_REASON)],
        description=_l("In the city's language: why the site is closed, and whom to ask."),
    )


class RenameForm(Form):
    """Another name, another address."""

    name = StringField(_l("City name"), [required(), at_most(lifecycle.LONGEST_NAME)], [plain_line])
    slug = StringField(_l("Web address"), [required(), at_most(253)], [plain_line])


class AdministratorForm(SureForm):
    """Who gets the back office."""

    email = EmailField(
        _l("E-mail address"), [required(_l("Enter an e-mail address.")), at_most(254)], [plain_line]
    )


class EraseForm(SureForm):
    """The address of the city, typed; and why."""

    typed = StringField(
        _l("Type the city's address to confirm"),
        [required(_l("Type the address.")), at_most(253)],
        [plain_line],
    )
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
    record, form = allowed(city_id, "suspend"), SuspendForm()
    if request.form.get("preview"):
        return act_page("suspend", record, form, preview=form.reason.data or "")
    if form.sure():
        try:
            lifecycle.suspend(record_of(city_id), given(form.reason))
        except (Conflict, Invalid) as error:
            form.refuse(form.reason, error)
        else:
            return done(city_id, _("%(city)s is suspended.", city=record_of(city_id).name))
    return act_page("suspend", record_of(city_id), form, preview="")


@bp.route("/cities/<city_id>/resume", methods=["GET", "POST"])
def resume(city_id: str) -> ResponseReturnValue:
    """Ask, then open a suspended city again."""
    record = allowed(city_id, "resume")
    if Form().sent():
        lifecycle.resume(record)
        return done(city_id, _("%(city)s is live again.", city=record.name))
    return confirm(
        record,
        _("Resume %(city)s?", city=record.name),
        _("Resume"),
        _("Residents and staff find everything as it was. What waited for it is done now."),
    )


@bp.route("/cities/<city_id>/rename", methods=["GET", "POST"])
def rename(city_id: str) -> ResponseReturnValue:
    """Give a city another name or address; the former address leads to the new one."""
    record = allowed(city_id, "rename")
    form = RenameForm(data={"name": record.name, "slug": record.slug})
    if form.sent():
        slug = names.clean(given(form.slug), current_app.config["PARVIS"].base_domain)
        try:
            lifecycle.rename(record, name=given(form.name), slug=slug)
        except (addresses.Taken, Invalid) as error:
            form.refuse(form.slug, error)
        else:
            return done(city_id, _("The city is now called %(city)s.", city=record.name))
    return act_page("rename", record, form)


@bp.route("/cities/<city_id>/administrator", methods=["GET", "POST"])
def administrator(city_id: str) -> ResponseReturnValue:
    """Give a city an administrator when it has none left."""
    allowed(city_id, "administrator")
    form = AdministratorForm()
    if form.sure():
        try:
            name_administrator(live(record_of(city_id)), given(form.email))
        except (Conflict, Invalid) as error:
            form.refuse(form.email, error)
        else:
            return done(city_id, _("%(email)s is an administrator now.", email=given(form.email)))
    return act_page("administrator", record_of(city_id), form)


@bp.route("/cities/<city_id>/erase", methods=["GET", "POST"])
def erase(city_id: str) -> ResponseReturnValue:
    """Ask for the typed address and a fresh code; then close the city and have it erased when the grace is over."""
    record, form = allowed(city_id, "erase"), EraseForm()
    form.addresses = (record.slug, addresses.host_of(record.slug))
    if form.sure():
        try:
            schedule_erasure(record_of(city_id), reason=given(form.reason))
        except ServiceError as error:
            form.refuse(form.reason, error)
        else:
            return done(city_id, _("%(city)s is closed and will be erased.", city=record_of(city_id).name))
    return act_page("erase", record_of(city_id), form, grace=GRACE.days)


@bp.route("/cities/<city_id>/keep", methods=["GET", "POST"])
def keep(city_id: str) -> ResponseReturnValue:
    """Ask, then take an erasure back."""
    record = allowed(city_id, "keep")
    if Form().sent():
        cancel_erasure(record)
        return done(city_id, _("%(city)s is kept.", city=record.name))
    return confirm(
        record,
        _("Keep %(city)s?", city=record.name),
        _("Keep the city"),
        _("Nothing is erased. The city is again what it was before."),
    )
