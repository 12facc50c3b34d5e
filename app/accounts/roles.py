"""Which roles a person holds, and how far they let her act."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from flask import g
from sqlalchemy import or_, select

from app.accounts.models import Account, Role
from app.accounts.permissions import of_module, permitted
from app.accounts.roles_models import StaffGrant
from app.accounts.roles_rules import Held, Reach, is_within, reach
from app.core.clock import today
from app.core.context import current_city
from app.core.db import db


def held_by(account: Account) -> Sequence[Held]:
    """Return the roles that count now; asks the database once a request, and only about those who have several.

    Whoever has not confirmed her address yet holds none.
    """
    if account.confirmed_at is None:
        return ()
    found = [] if account.role is Role.RESIDENT else [Held(account.role)]
    if account.granted:
        found += _granted(account.id)
    return found


def reach_of(account: Account, permission: str) -> Reach:
    """Return where somebody may do something: None for the whole city; raises LookupError for an unknown permission."""
    return reach(held_by(account), permitted(permission))


def account_may(account: Account, permission: str, *, district: str | None = None) -> bool:
    """Tell whether somebody may do something, in a district when one is named."""
    return is_within(reach_of(account, permission), district)


def opens(account: Account, module: str) -> bool:
    """Tell whether somebody gets to a module's pages for staff."""
    declared = of_module(module)
    return any(held.opens(module, declared) for held in held_by(account))


def grants_of(accounts: Iterable[UUID]) -> Mapping[UUID, list[StaffGrant]]:
    """Return what each of some people holds besides the built-in role of the account, in the order it was given."""
    found: dict[UUID, list[StaffGrant]] = {}
    chosen = select(StaffGrant).where(StaffGrant.account_id.in_(list(accounts)))
    for grant in db.session.scalars(chosen.order_by(StaffGrant.created_at, StaffGrant.id)):
        found.setdefault(grant.account_id, []).append(grant)
    return found


def as_held(grant: StaffGrant) -> Held:
    """Return what a row of the database means."""
    return Held(
        preset=grant.preset,
        permissions=frozenset(grant.role.permissions) if grant.role else frozenset(),
        modules=None if grant.modules is None else frozenset(grant.modules),
        districts=None if grant.districts is None else frozenset(grant.districts),
    )


def forget_held() -> None:
    """Look roles up anew: what was read in this request has changed."""
    g.pop("_held_roles", None)


def _granted(account_id: UUID) -> Sequence[Held]:
    known = _known()
    place = current_city().id, account_id
    if place not in known:
        chosen = select(StaffGrant).where(
            StaffGrant.account_id == account_id,
            or_(StaffGrant.ends_on.is_(None), StaffGrant.ends_on >= today()),
        )
        known[place] = [as_held(grant) for grant in db.session.scalars(chosen)]
    return known[place]


def _known() -> dict[tuple[str, UUID], list[Held]]:
    found: dict[tuple[str, UUID], list[Held]] = g.setdefault("_held_roles", {})
    return found
