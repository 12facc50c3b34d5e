"""What can be allowed: the platform's own permissions and those that modules declare in their manifests."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.accounts.models import Role
from app.core.i18n import gettext as _
from app.registry import modules

CONSOLE = "console"
"""What stands before the platform's own permissions, as a module's name does before its own."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """One thing that can be allowed."""

    name: str
    label: str
    presets: frozenset[Role]
    """The built-in roles that have it."""
    by_district: bool = False
    """Whether its holder can be limited to districts: pages that need it ask for the district."""

    @property
    def owner(self) -> str:
        """Return the module it belongs to; `console` for the platform's own."""
        return CONSOLE if self.name in PLATFORM_PERMISSIONS else self.name.partition(".")[0]


def _own(name: str, label: str, *presets: Role) -> Permitted:
    return Permitted(name, label, frozenset({*presets, Role.ADMINISTRATOR}))


PLATFORM_PERMISSIONS: Mapping[str, Permitted] = {
    one.name: one
    for one in (
        _own("console.view", _l("Open the back office"), Role.VIEWER, Role.EDITOR),
        _own("console.manage", _l("Change modules, branding and settings; see staff and audit log")),
        _own("console.staff", _l("Invite people and decide what they may do")),
        _own("console.sign_in", _l("Decide how people sign in")),
        _own("people.verify", _l("Check documents of residents and confirm who acts for whom")),
        _own("people.rolls", _l("Import lists of residents, make codes for letters")),
        _own("console.deliveries", _l("See what was sent to people and what did not arrive; send it again")),
        _own("console.messages", _l("Write messages to very many people and send them"), Role.EDITOR),
        _own("console.api", _l("Connect other programs: tokens and webhooks")),
    )
}
SELF_EVIDENT = "console.view"
"""Whoever works for the city has it, with whatever role."""
ADMINISTRATORS_ONLY = frozenset({"console.api", "console.sign_in", "console.staff"})
"""In no role that a city makes itself: who has it could give herself everything."""
NOT_ON_VISITS = frozenset(
    {"console.api", "console.messages", "console.sign_in", "console.staff", "people.verify", "people.rolls"}
)
"""A visit ends; what it could leave behind does not: nobody gets or loses power in a city through one."""


def permitted(name: str) -> Permitted:
    """Return a permission by its name; raises LookupError when nobody declares it."""
    if name in PLATFORM_PERMISSIONS:
        return PLATFORM_PERMISSIONS[name]
    module = modules().get(name.partition(".")[0])
    for declared in module.permissions if module else ():
        if declared.name == name:
            roles = frozenset({*map(Role, declared.roles), Role.ADMINISTRATOR})
            return Permitted(name, declared.label, roles, declared.by_district)
    raise LookupError(f"no manifest declares {name}")


def of_module(name: str) -> list[Permitted]:
    """Return what a module declares, in its order; `console` names the platform's own."""
    if name == CONSOLE:
        return list(PLATFORM_PERMISSIONS.values())
    module = modules().get(name)
    return [permitted(declared.name) for declared in module.permissions] if module else []


def owner_title(name: str) -> str:
    """Return what the group of a module's permissions is called."""
    module = modules().get(name)
    return _(module.title) if module else _("Back office")


def all_permitted() -> list[Permitted]:
    """Return every permission, the platform's own first."""
    return [one for owner in (CONSOLE, *modules()) for one in of_module(owner)]
