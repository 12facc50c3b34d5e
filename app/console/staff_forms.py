"""Forms about staff."""

from typing import Self
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, ValidationError

from app.accounts.models import Account, Role
from app.accounts.permissions import of_module, owner_title
from app.accounts.services import clean_email, find
from app.accounts.staffing import Given
from app.console.roles import role_choices
from app.core.clock import today
from app.core.context import current_city
from app.core.districts import district_names
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.forms import Form, given, required

AT_ONCE = 20


class RoleForm(Form):
    """What a person may do, and where."""

    role = RadioField(_l("Role"), [required(_l("Choose a role."))])
    modules = SelectMultipleField(
        _l("Only in these modules"), [Optional()], description=_l("Tick none for all of them.")
    )
    districts = SelectMultipleField(_l("Only for these districts"), [Optional()])
    ends_on = DateField(
        _l("Last day"), [Optional()], description=_l("Leave it empty when the role has no end.")
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.role.choices = role_choices()
        chosen = set(self.modules.data or ())
        self.modules.choices = [
            SelectChoice(name, owner_title(name))
            for name, module in modules().items()
            if (name in current_city().modules and module.load("admin") is not None) or name in chosen
        ]
        places = district_names()
        self.districts.description = _about_districts()
        self.districts.choices = [SelectChoice(code, name) for code, name in places.items()]
        if not places:
            del self.districts

    @classmethod
    def of(cls, held: Given) -> Self:
        """Return the form filled with a role as it is held, or with what came in."""
        role = held.preset.value if held.preset else str(held.role_id)
        return cls(
            data={
                "role": role,
                "modules": list(held.modules),
                "districts": list(held.districts),
                "ends_on": held.ends_on,
            }
        )

    def validate_ends_on(self, field: DateField) -> None:
        """Refuse a day that is over."""
        if field.data is not None and field.data < today():
            raise ValidationError(_("This day is in the past."))

    def given(self) -> Given:
        """Return what was chosen."""
        role = given(self.role)
        preset = Role(role) if role in set(Role) else None
        return Given(
            preset,
            None if preset else UUID(role),
            tuple(self.modules.data or ()),
            tuple(self.districts.data or ()) if "districts" in self else (),
            self.ends_on.data,
        )


class InviteForm(RoleForm):
    """Who is invited."""

    emails = TextAreaField(
        _l("E-mail addresses"),
        [required(_l("Enter at least one e-mail address."))],
        description=_l("One on each line."),
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**{"role": Role.VIEWER.value, **values})

    @property
    def addresses(self) -> list[str]:
        """Return the lines that hold something, each once, in order."""
        lines = (line.strip().lower() for line in (self.emails.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate_emails(self, field: TextAreaField) -> None:
        """Refuse what is no address and whoever works here already, each with its own line."""
        if len(self.addresses) > AT_ONCE:
            field.errors = [_("Invite at most %(number)s people at once.", number=AT_ONCE)]
            return
        field.errors = [said for address in self.addresses if (said := _refused(address))]


class RemoveForm(Form):
    """Who goes on with the work of somebody who leaves."""

    to = SelectField(_l("Who goes on with it?"), [required(_l("Choose who goes on with the work."))])

    def __init__(self, colleagues: list[Account]) -> None:
        super().__init__()
        self.to.choices = [
            SelectChoice("", _("Choose a colleague")),
            *(SelectChoice(str(person.id), person.name or person.email) for person in colleagues),
        ]


def _about_districts() -> str:
    """Say what a role of some districts allows: only what a module sorts by district."""
    sorting = [
        owner_title(name)
        for name in modules()
        if name in current_city().modules and any(one.by_district for one in of_module(name))
    ]
    if not sorting:
        return _(
            "Tick none: no module that is on sorts its work by district yet, so the role would allow nothing."
        )
    return _(
        "Tick none for the whole city. Such a role allows only what is sorted by district: %(modules)s.",
        modules=", ".join(sorting),
    )


def _refused(address: str) -> str | None:
    try:
        person = find(clean_email(address))
    except Invalid as error:
        return f"{address}: {error}"
    if person is not None and person.is_staff and person.confirmed_at:
        return _("%(email)s already works here.", email=address)
    return None
