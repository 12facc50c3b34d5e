"""Where the one signed in may act: roles are limited to districts of the city, ideas have one of the edition."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from app.sdk import Forbidden, _, current_account, db, districts, districts_for, may

from ...models import District, Edition, Idea
from ..ideas.seeing import is_mine


def me() -> UUID | None:
    """Return the account of whoever acts; None for an operator on a visit and for the clock."""
    account = current_account()
    return account.id if account is not None else None


def keys_within(permission: str) -> frozenset[str] | None:
    """Return the keys of the editions' districts in which the one signed in has a permission; None for all.

    A district of an edition is that of the city with the same code or the same name.
    """
    codes = districts_for(permission)
    if codes is None:
        return None
    named = {
        name.casefold() for one in districts() if one.code in codes for name in (*one.name.values(), one.code)
    }
    known = db.session.execute(select(District.key, District.name).limit(5000))
    return frozenset(
        key for key, name in known if key.casefold() in named or key in codes or name.casefold() in named
    )


def within(permission: str) -> ColumnElement[bool]:
    """Return the condition that an idea lies where the one signed in may act."""
    keys = keys_within(permission)
    return true() if keys is None else Idea.district.in_(keys)


def reaches(permission: str, district: str) -> bool:
    """Tell whether the one signed in has a permission for what is in a district of an edition."""
    keys = keys_within(permission)
    return may(permission) and (keys is None or district in keys)


def must_reach(permission: str, idea: Idea) -> None:
    """Raise Forbidden for an idea of a district that is somebody else's."""
    if not reaches(permission, idea.district):
        raise Forbidden(_("This idea belongs to a district for which your role does not count."))


def must_be_anothers(idea: Idea) -> None:
    """Raise Forbidden for an idea of the one signed in: nobody decides about what is her own."""
    if is_mine(idea):
        raise Forbidden(_("You are one of the authors of this idea: a colleague decides about it."))


def shown_districts(edition: Edition, permission: str) -> Sequence[District]:
    """Return the districts of an edition that a filter offers to the one signed in."""
    keys = keys_within(permission)
    return [one for one in edition.districts if keys is None or one.key in keys]
