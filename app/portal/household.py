"""Household: children, people whom one helps, and who helps oneself."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, ValidationError

from app.accounts import me, sign_in_required
from app.accounts.attributes.rules import read_day
from app.accounts.households import acting, holding, services
from app.accounts.households.models import ActingRight
from app.accounts.households.rules import Area, Part, Standing, last_day, standing
from app.accounts.households.wording import area_name, area_names, part_name, standing_name
from app.core.clock import now, today
from app.core.errors import NotFound, ServiceError
from app.core.i18n import gettext as _
from app.portal.account_menu import ENTRIES, AccountPage, account_blueprint, account_page
from app.web.filters import medium_date
from app.web.forms import Form, at_most, given, required
from app.web.limits import limit

bp = account_blueprint("portal_household", __name__, "/household")
# Declares what is kept; nothing else imports it.
HOLDING = holding


class NameForm(Form):
    """What a child is called and where she goes to school."""

    name = StringField(_l("Name"), [required(_l("Enter the name.")), at_most(120)])
    school = StringField(_l("School"), [Optional(), at_most(160)])


class ChildForm(NameForm):
    """A new child."""

    born = StringField(_l("Birth date"), [required(_l("Enter the birth date."))])

    def validate_born(self, field: Field) -> None:
        """Refuse what is no date."""
        if read_day(field.data or "") is None:
            raise ValidationError(_("Enter a birth date, for example 2016-03-27."))


class InviteForm(Form):
    """Whom to invite."""

    email = StringField(_l("E-mail address"), [required(_l("Enter the address.")), at_most(254)])


class _AreasForm(Form):
    areas = SelectMultipleField(_l("What may be done"), [required(_l("Choose at least one thing."))])
    ends_on = StringField(
        _l("Last day"), [Optional()], description=_l("Without one it goes on until one of you ends it.")
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.areas.choices = [SelectChoice(area.value, area_name(area)) for area in Area]

    def validate_ends_on(self, field: Field) -> None:
        """Refuse what is no date."""
        if field.data and read_day(field.data) is None:
            raise ValidationError(_("Enter a day, for example 2027-06-30."))

    @property
    def chosen(self) -> list[Area]:
        """Return what was ticked."""
        return [Area(area) for area in self.areas.data or ()]

    @property
    def last_day(self) -> date | None:
        """Return the last day, if one was given."""
        return read_day(self.ends_on.data or "")


class HelperForm(_AreasForm, InviteForm):
    """Who is to help, with what, until when."""


class PersonForm(_AreasForm):
    """Somebody without an account who has signed a paper."""

    name = StringField(_l("Name"), [required(_l("Enter the name.")), at_most(120)])


@bp.get("")
@sign_in_required
def overview() -> ResponseReturnValue:
    """Show for whom one acts and who acts for oneself."""
    found = services.household(me())
    return account_page(
        "portal/household/overview.html",
        children=[one for one in found.acts_for if one.part is Part.GUARDIAN],
        helped=[one for one in found.acts_for if one.part is Part.HELPER],
        helpers=found.helped_by,
        others={
            one.id: [other for other in found.others if other.dependant_id == one.dependant_id]
            for one in found.acts_for
        },
        tell=_tell,
        is_open=_is_open,
        me=me().id,
    )


@bp.route("/child", methods=["GET", "POST"])
@sign_in_required
def add_child() -> ResponseReturnValue:
    """Enter a child."""
    form = ChildForm()

    def add() -> ActingRight:
        born = date.fromisoformat(given(form.born))
        return services.add_child(me(), name=given(form.name), born=born, school=form.school.data or "")

    return _filled(form, "child", add, _("You can act for the child now."), form.born)


@bp.route("/child/<uuid:right_id>", methods=["GET", "POST"])
@sign_in_required
def change_child(right_id: UUID) -> ResponseReturnValue:
    """Correct name and school of a child."""
    right = _mine(right_id)
    if right.dependant is None or right.part is not Part.GUARDIAN:
        raise NotFound(_("There is no such child."))
    form = NameForm(data={"name": right.dependant.name, "school": right.dependant.school})

    def change() -> None:
        services.change_child(me(), right_id, name=given(form.name), school=form.school.data or "")

    return _filled(form, "change_child", change, _("The changes are saved."), form.name, right=right)


@bp.route("/child/<uuid:right_id>/guardian", methods=["GET", "POST"])
@sign_in_required
def invite_guardian(right_id: UUID) -> ResponseReturnValue:
    """Invite another guardian of a child."""
    form, right = InviteForm(), _mine(right_id)

    def invite() -> None:
        _count_invitation()
        services.invite_guardian(me(), right_id, given(form.email))

    return _filled(
        form,
        "guardian",
        invite,
        _("The invitation is sent. It works for two weeks."),
        form.email,
        right=right,
    )


@bp.route("/helper", methods=["GET", "POST"])
@sign_in_required
def invite_helper() -> ResponseReturnValue:
    """Invite somebody to act for oneself."""
    form = HelperForm()

    def invite() -> None:
        _count_invitation()
        services.invite_helper(me(), given(form.email), areas=form.chosen, ends_on=form.last_day)

    return _filled(form, "helper", invite, _("The invitation is sent. It works for two weeks."), form.email)


@bp.route("/person", methods=["GET", "POST"])
@sign_in_required
def add_person() -> ResponseReturnValue:
    """Enter somebody without an account whom one helps."""
    form = PersonForm()

    def add() -> None:
        services.add_person(me(), name=given(form.name), areas=form.chosen, ends_on=form.last_day)

    said = _("Bring the signed paper to a counter of the city. From then on you can act.")
    return _filled(form, "person", add, said, form.name)


@bp.route("/<uuid:right_id>/end", methods=["GET", "POST"])
@sign_in_required
def end(right_id: UUID) -> ResponseReturnValue:
    """Ask, then end a right at once."""
    right = _near(right_id)
    if not Form().sent():
        return account_page("portal/household/end.html", right=right, mine=right.helper_id == me().id)
    services.withdraw(me(), right_id)
    flash(_("Ended. From now on nothing more can be done with it."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.post("/<uuid:right_id>/act")
@sign_in_required
def act(right_id: UUID) -> ResponseReturnValue:
    """Act for somebody from now on."""
    subject = acting.begin(me(), right_id)
    flash(
        _(
            "You act for %(name)s now. The line at the top of each page says so, and ends it.",
            name=subject.name,
        ),
        "ok",
    )
    return redirect(url_for("front"), 303)


@bp.post("/stop")
@sign_in_required
def stop() -> ResponseReturnValue:
    """Act for oneself again."""
    acting.stop()
    flash(_("You act for yourself again."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.route("/invited/<secret>", methods=["GET", "POST"])
@sign_in_required
def invited(secret: str) -> ResponseReturnValue:
    """Show an invitation; begin to act, or decline."""
    try:
        right = services.invitation(secret)
        if Form().sent():
            return _answered(secret)
    except ServiceError as error:
        return account_page("portal/household/invited.html", right=None, problem=str(error)), error.status
    return account_page(
        "portal/household/invited.html", right=right, problem="", areas=area_names(right.right.areas)
    )


def _answered(secret: str) -> ResponseReturnValue:
    if request.form.get("answer") == "no":
        services.decline(secret)
        flash(_("You have declined. Your address is forgotten."), "ok")
    else:
        right = services.accept(me(), secret)
        flash(_("You can act for %(name)s now.", name=right.name), "ok")
    return redirect(url_for(".overview"), 303)


def _filled(
    form: Form, page: str, act: Callable[[], object], said: str, field: Field, **values: object
) -> ResponseReturnValue:
    """Do what the form asks for, or show it again with what was refused."""
    if form.sent():
        try:
            act()
        except ServiceError as error:
            form.refuse(field, error)
        else:
            flash(said, "ok")
            return redirect(url_for(".overview"), 303)
    return account_page(f"portal/household/{page}.html", form=form, **values), form.status


def _tell(right: ActingRight) -> list[str]:
    """Return what stands below a name: state, what for, until when."""
    found = [standing_name(right) if not _is_open(right) else part_name(right.part)]
    if right.part is Part.HELPER:
        found.append(", ".join(area_names(right.right.areas)))
    until = last_day(right.right)
    return [*found, *([_("until %(day)s", day=medium_date(until))] if until else [])]


def _is_open(right: ActingRight) -> bool:
    return standing(right.right, at=now(), today=today()) is Standing.OPEN


def _mine(right_id: UUID) -> ActingRight:
    found = next((one for one in services.household(me()).acts_for if one.id == right_id), None)
    if found is None:
        raise NotFound(_("There is no such child."))
    return found


def _near(right_id: UUID) -> ActingRight:
    around = services.household(me())
    sent = [one for one in around.others if one.invited_by == me().id and one.accepted_at is None]
    found = next((one for one in [*around.acts_for, *around.helped_by, *sent] if one.id == right_id), None)
    if found is None:
        raise NotFound(_("Nobody acts for anybody here."))
    return found


def _count_invitation() -> None:
    limit("household-invitation", "20 per day", str(me().id))


ENTRIES.append(
    AccountPage(
        _l("Household"),
        _l("Your children, whom you help, and who helps you."),
        "portal_household.overview",
        "users",
    )
)
