"""Roles that a city makes itself: sets of permissions with a name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from app.accounts.models import Account, Role
from app.accounts.permissions import ADMINISTRATORS_ONLY, SELF_EVIDENT, Permitted, all_permitted
from app.accounts.roles import forget_held
from app.accounts.roles_models import StaffGrant, StaffRole
from app.core.audit import audit
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.districts import uses_districts
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.text import Localized, pick

MOST = 50
NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of a role gives and takes."""

    added: frozenset[str]
    taken: frozenset[str]


def own_roles() -> Sequence[StaffRole]:
    """Return the roles that the city has made, the first made first."""
    return db.session.scalars(
        select(StaffRole).order_by(StaffRole.created_at, StaffRole.id).limit(MOST)
    ).all()


def own_role(role_id: UUID) -> StaffRole:
    """Return one of them; raises NotFound."""
    found = db.session.get(StaffRole, role_id)
    if found is None:
        raise NotFound(_("There is no such role."))
    return found


def offered_permissions() -> list[Permitted]:
    """Return what a role of the city can include."""
    return [one for one in all_permitted() if one.name not in {SELF_EVIDENT, *ADMINISTRATORS_ONLY}]


def of_preset(preset: Role) -> frozenset[str]:
    """Return what a built-in role includes, as far as a role of the city can."""
    return frozenset(one.name for one in offered_permissions() if preset in one.presets)


def make_role(name: Localized, permissions: Iterable[str]) -> StaffRole:
    """Make a role; raises Invalid for a name that is taken or a set without permission."""
    chosen = _chosen(permissions)
    if len(own_roles()) >= MOST:
        raise Invalid(_("A city can make %(number)s roles at most.", number=MOST))
    _refuse_taken(name, None)
    role = StaffRole(name=name, permissions=sorted(chosen), created_at=now())
    db.session.add(role)
    db.session.flush()
    audit("roles.made", subject=f"role:{role.id}", name=_plain(name), permissions=", ".join(sorted(chosen)))
    return role


def change_role_itself(role_id: UUID, name: Localized, permissions: Iterable[str]) -> Difference:
    """Give a role another name and other permissions; they hold at once for whoever has it."""
    role, chosen = own_role(role_id), _chosen(permissions)
    _refuse_taken(name, role_id)
    before, found = role.name, difference(role, chosen)
    if before == name and not (found.added or found.taken):
        return found
    audit(
        "roles.changed",
        subject=f"role:{role.id}",
        name_before=_plain(before),
        name=_plain(name),
        permissions_before=", ".join(sorted(role.permissions)),
        permissions=", ".join(sorted(chosen | _gone(role))),
    )
    role.name, role.permissions = name, sorted(chosen | _gone(role))
    db.session.flush()
    forget_held()
    return found


def difference(role: StaffRole, permissions: Iterable[str]) -> Difference:
    """Return what would be added to a role and taken from it."""
    before, after = frozenset(role.permissions) - _gone(role), frozenset(permissions)
    return Difference(after - before, before - after)


def delete_role(role_id: UUID, *, holders: int) -> None:
    """Delete a role and take it from everybody; raises Conflict when not as many have it as were shown."""
    role = db.session.get(StaffRole, role_id, with_for_update=True)
    if role is None:
        raise NotFound(_("There is no such role."))
    people = holders_of(role_id)
    if len(people) != holders:
        raise Conflict(_("Meanwhile others have been given this role, or have lost it. Look again."))
    audit("roles.deleted", subject=f"role:{role.id}", name=_plain(role.name), people=len(people))
    db.session.execute(delete(StaffGrant).where(StaffGrant.role_id == role_id))
    db.session.delete(role)
    db.session.flush()
    settle_granted([person.id for person in people])


def holders_of(role_id: UUID, limit: int = 200) -> Sequence[Account]:
    """Return who has a role, by name."""
    has_it = select(StaffGrant.account_id).where(StaffGrant.role_id == role_id)
    found = select(Account).where(Account.id.in_(has_it)).order_by(func.lower(Account.name), Account.id)
    return db.session.scalars(found.limit(limit)).all()


def numbers_of_holders() -> Mapping[UUID, int]:
    """Return how many people have each role of the city."""
    counted = select(StaffGrant.role_id, func.count(StaffGrant.account_id.distinct()))
    found = db.session.execute(counted.where(StaffGrant.role_id.is_not(None)).group_by(StaffGrant.role_id))
    return {role_id: number for role_id, number in found if role_id is not None}


def settle_granted(people: Iterable[UUID]) -> None:
    """Let the accounts of people know whether they still hold anything; who holds nothing stays as a resident."""
    left = select(StaffGrant.account_id)
    for account in db.session.scalars(
        select(Account).where(Account.id.in_(list(people)), Account.granted, Account.id.not_in(left))
    ):
        account.granted = False
    db.session.flush()
    forget_held()


def _chosen(permissions: Iterable[str]) -> frozenset[str]:
    chosen = frozenset(permissions)
    if not chosen:
        raise Invalid(_("Tick at least one thing that the role allows."))
    if unknown := chosen - {one.name for one in offered_permissions()}:
        raise Invalid(_("%(name)s is nothing that a role can allow.", name=sorted(unknown)[0]))
    return chosen


def _gone(role: StaffRole) -> frozenset[str]:
    """Return what a role has from modules that are not installed now; it stays until they are back."""
    return frozenset(role.permissions) - {one.name for one in offered_permissions()}


def _refuse_taken(name: Localized, role_id: UUID | None) -> None:
    for other in own_roles():
        for language, words in name.items():
            if other.id != role_id and other.name.get(language, "").casefold() == words.casefold():
                raise Invalid(_("There is a role called %(name)s.", name=words))


def _plain(name: Localized) -> str:
    return pick(name, current_city().languages).text


@uses_districts
def limited_to(code: str) -> Iterable[str]:
    """Say how many roles of people are limited to a district."""
    has_it = StaffGrant.districts.contains([code])
    number = db.session.scalar(select(func.count()).select_from(StaffGrant).where(has_it)) or 0
    if number:
        yield ngettext(
            "%(num)s role of your staff is limited to it.",
            "%(num)s roles of your staff are limited to it.",
            number,
        )
