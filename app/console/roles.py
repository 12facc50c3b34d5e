"""The roles of a city's staff, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wtforms.fields import SelectChoice

from app.accounts.models import Account, Role
from app.accounts.permissions import owner_title
from app.accounts.roles import grants_of
from app.accounts.roles_explained import Holding
from app.accounts.roles_models import StaffGrant
from app.accounts.roles_own import own_roles
from app.accounts.staffing import Given, as_given
from app.core.clock import today
from app.core.districts import district_names
from app.core.i18n import gettext as _
from app.core.i18n import reading_order
from app.core.text import pick
from app.web.filters import medium_date

STAFF_ROLES = (Role.VIEWER, Role.EDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class RoleShown:
    """A role that somebody holds, as pages show it."""

    id: UUID | None
    """Of what was given; None for the built-in role that holds everywhere."""
    label: str
    limits: tuple[str, ...] = ()
    over: bool = False

    def __str__(self) -> str:
        return f"{self.label} ({'; '.join(self.limits)})" if self.limits else self.label


def role_label(role: Role) -> str:
    """Return what a role is called."""
    return {
        Role.RESIDENT: _("Resident"),
        Role.VIEWER: _("Viewer"),
        Role.EDITOR: _("Editor"),
        Role.ADMINISTRATOR: _("Administrator"),
    }[role]


def role_notes() -> dict[str, str]:
    """Return what each built-in role may do, in one sentence each."""
    return {
        Role.VIEWER: _("Sees the back office and changes nothing."),
        Role.EDITOR: _("Does the daily work in the modules."),
        Role.ADMINISTRATOR: _("Does everything, and decides about modules, staff and settings."),
    }


def role_choices() -> list[SelectChoice]:
    """Return the roles to choose from: the built-in ones, then those that the city has made."""
    built_in = [SelectChoice(role.value, role_label(role)) for role in STAFF_ROLES]
    return built_in + [SelectChoice(str(role.id), _named(role.name)) for role in own_roles()]


def roles_of(people: Sequence[Account]) -> Mapping[UUID, list[RoleShown]]:
    """Return the roles of some people in words, with three questions to the database for however many."""
    some = [person.id for person in people if person.granted]
    grants = grants_of(some) if some else {}
    names = {role.id: _named(role.name) for role in own_roles()} if grants else {}
    places = district_names() if any(one.districts for held in grants.values() for one in held) else {}
    found: dict[UUID, list[RoleShown]] = {}
    for person in people:
        plain = [] if person.role is Role.RESIDENT else [RoleShown(None, role_label(person.role))]
        found[person.id] = plain + [
            shown(as_given(grant), names, places, id=grant.id) for grant in grants.get(person.id, [])
        ]
    return found


def shown(
    given: Given, names: Mapping[UUID, str], places: Mapping[str, str], *, id: UUID | None = None
) -> RoleShown:
    """Return a role and its limits in words."""
    label = role_label(given.preset) if given.preset else names.get(given.role_id or UUID(int=0), "?")
    limits = []
    if given.modules:
        limits.append(_("only in %(modules)s", modules=_listed(map(owner_title, given.modules))))
    if given.districts:
        limits.append(
            _("only for %(districts)s", districts=_listed(places.get(c, c) for c in given.districts))
        )
    over = given.ends_on is not None and given.ends_on < today()
    if given.ends_on is not None:
        day = medium_date(given.ends_on)
        limits.append(_("over since %(day)s", day=day) if over else _("until %(day)s", day=day))
    return RoleShown(id, label, tuple(limits), over)


def shown_alone(given: Given) -> RoleShown:
    """Return one role in words."""
    names = {role.id: _named(role.name) for role in own_roles()}
    return shown(given, names, district_names() if given.districts else {})


def by_roles(holdings: Iterable[Holding]) -> str:
    """Return the roles that allow something, in words."""
    words = [
        str(_of_grant(one.grant)) if one.grant else role_label(one.held.preset or Role.RESIDENT)
        for one in holdings
    ]
    return _listed(dict.fromkeys(words))


def _of_grant(grant: StaffGrant) -> RoleShown:
    names = {grant.role_id: _named(grant.role.name)} if grant.role and grant.role_id else {}
    return shown(as_given(grant), names, {})


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _named(name: Mapping[str, str]) -> str:
    return pick(name, reading_order()).text
