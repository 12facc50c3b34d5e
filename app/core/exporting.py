"""What tables and columns say about themselves for exports and copies of a city, and what cannot leave a deployment.

Everything in a city's schema is exported unless its model says `left_out`. Every column of words says whether it is
personal, so that a training copy knows what to replace.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

LEFT_OUT = "left_out"
NOT_COPIED = "not_copied"
PERSONAL = "personal"
UNIT = "unit"
Info = dict[str, object]
"""What `info=` of a column or table carries."""


class Personal(StrEnum):
    """What kind of personal data a column holds, and so what a training copy gets instead."""

    EMAIL = "email"
    """Replaced by an address that no mail server takes; the same address by the same one."""
    NAME = "name"
    """Replaced by a made-up name; the same name by the same one."""
    SECRET = "secret"  # noqa: S105  the kind, not one of them
    """Emptied: a hash of a password or the like."""
    WORDS = "words"
    """Emptied: what people wrote may name anybody."""
    NONE = "none"
    """Copied as it is."""


def left_out(reason: str) -> Info:
    """Leave a table or column out of every export; the reason stands in the archive."""
    return {"left_out": reason}


def not_copied(reason: str) -> Info:
    """Leave the rows of a table out of copies without people; exports have them."""
    return {"not_copied": reason}


def personal(kind: Personal) -> Info:
    """Say what kind of personal data a column holds."""
    return {"personal": kind}


def impersonal(unit: str = "") -> Info:
    """Say that a column holds nothing personal, and optionally in which unit its values are."""
    return {"personal": Personal.NONE, "unit": unit} if unit else {"personal": Personal.NONE}


def in_unit(unit: str) -> Info:
    """Say in which unit the values of a column are."""
    return {"unit": unit}


@dataclass(frozen=True, slots=True)
class Bound:
    """Rows of an owner that mean something only under the city's id and the deployment's secret key."""

    found: Callable[[Connection], list[str]]
    """Return what is bound now, one short name each; the connection sees the city's tables."""
    release: Callable[[Connection], None]
    """Empty what is bound so that it can begin anew elsewhere."""
    hidden: Callable[[Connection], list[str]]
    """Return what nobody in the city may know yet, one short name each: no export of it is the city's to fetch."""


BOUND: dict[str, Bound] = {}


def bound_to_key(
    owner: str,
    *,
    found: Callable[[Connection], list[str]],
    release: Callable[[Connection], None],
    hidden: Callable[[Connection], list[str]] | None = None,
) -> None:
    """Declare that `owner` keeps hashes under the secret key; an export then says so and a restore asks first.

    Nobody in the city may know what is `hidden` yet: without it what is bound.
    """
    BOUND[owner] = Bound(found, release, hidden or found)
