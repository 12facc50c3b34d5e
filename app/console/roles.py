"""The roles of a city's staff, in words."""

from wtforms.fields import SelectChoice

from app.accounts.models import Role
from app.core.i18n import gettext as _

STAFF_ROLES = (Role.VIEWER, Role.EDITOR, Role.ADMINISTRATOR)


def role_label(role: Role) -> str:
    """Return what a role is called."""
    return {
        Role.RESIDENT: _("Resident"),
        Role.VIEWER: _("Viewer"),
        Role.EDITOR: _("Editor"),
        Role.ADMINISTRATOR: _("Administrator"),
    }[role]


def role_notes() -> dict[str, str]:
    """Return what each role may do, in one sentence each."""
    return {
        Role.VIEWER: _("Sees the back office and changes nothing."),
        Role.EDITOR: _("Does the daily work in the modules."),
        Role.ADMINISTRATOR: _("Does everything, and decides about modules, staff and settings."),
    }


def role_choices() -> list[SelectChoice]:
    """Return the roles to choose from."""
    return [SelectChoice(role.value, role_label(role)) for role in STAFF_ROLES]
