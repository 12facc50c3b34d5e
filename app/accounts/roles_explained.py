"""Why somebody may do something, and who else may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.accounts.models import Account, Role
from app.accounts.permissions import CONSOLE, Permitted, of_module, owner_title
from app.accounts.roles import as_held, grants_of
from app.accounts.roles_models import StaffGrant
from app.accounts.roles_rules import NOWHERE, Held
from app.core.clock import today
from app.core.context import current_city
from app.core.db import db
from app.registry import modules

MOST = 500


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that somebody holds, with the row it comes from; None for the built-in one of the account."""

    held: Held
    grant: StaffGrant | None = None

    def is_over(self, on: date) -> bool:
        """Tell whether its last day has passed."""
        return self.grant is not None and self.grant.ends_on is not None and self.grant.ends_on < on


@dataclass(frozen=True, slots=True)
class Allowed:
    """A permission that somebody has, and the roles that give it."""

    permission: Permitted
    by: Sequence[Holding]


@dataclass(frozen=True, slots=True)
class Group:
    """What somebody may do in one module."""

    title: str
    allowed: Sequence[Allowed]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff with all that she holds."""

    account: Account
    holdings: Sequence[Holding]

    def giving(self, permission: Permitted) -> list[Holding]:
        """Return the roles that give a permission now."""
        return [one for one in self._counting() if one.held.reach(permission) != NOWHERE]

    def opening(self, module: str) -> list[Holding]:
        """Return the roles that lead to a module's pages for staff."""
        declared = of_module(module)
        return [one for one in self._counting() if one.held.opens(module, declared)]

    def _counting(self) -> list[Holding]:
        if self.account.confirmed_at is None:
            return []
        return [one for one in self.holdings if not one.is_over(today())]


def everybody() -> list[Person]:
    """Return everybody who works for the city, by name; the first 500."""
    found = select(Account).where(Account.is_staff).order_by(Account.name, Account.id).limit(MOST)
    return _people(list(db.session.scalars(found)))


def allowed_to(account: Account) -> list[Group]:
    """Return what somebody may do, by module, and by which of her roles."""
    person = _people([account])[0]
    owners = [CONSOLE, *(name for name in modules() if name in current_city().modules)]
    groups = []
    for owner in owners:
        each = [Allowed(one, person.giving(one)) for one in of_module(owner)]
        if allowed := [one for one in each if one.by]:
            groups.append(Group(owner_title(owner), allowed))
    return groups


def _people(accounts: Sequence[Account]) -> list[Person]:
    some = [one.id for one in accounts if one.granted]
    grants = grants_of(some) if some else {}
    found = []
    for account in accounts:
        plain = [] if account.role is Role.RESIDENT else [Holding(Held(account.role))]
        more = [Holding(as_held(grant), grant) for grant in grants.get(account.id, [])]
        found.append(Person(account, plain + more))
    return found
