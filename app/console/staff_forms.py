"""Forms about staff."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField

from app.accounts.models import Role
from app.accounts.services import clean_email, find
from app.console.roles import role_choices
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.web.forms import Form, required

AT_ONCE = 20


class RoleForm(Form):
    """What a person may do."""

    role = RadioField(_l("Role"), [required(_l("Choose a role."))])

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.role.choices = role_choices()


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


def _refused(address: str) -> str | None:
    try:
        person = find(clean_email(address))
    except Invalid as error:
        return f"{address}: {error}"
    if person is not None and person.is_staff and person.confirmed_at:
        return _("%(email)s already works here.", email=address)
    return None
