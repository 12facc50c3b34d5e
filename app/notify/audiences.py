"""Whom something for very many people is for: named, so that a task can ask again where it stopped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH

from app.core.db import db
from app.notify.models import Choice, Follow
from app.notify.people import account

Accounts = Select[UUID]
Ask = Callable[..., Accounts]


@dataclass(frozen=True, slots=True)
class Audience:
    """People by what they have in common."""

    name: str
    values: Mapping[str, str]


_known: dict[str, Ask] = {}


def audience(name: str) -> Callable[[Ask], Callable[..., Audience]]:
    """Name those whose account ids the function selects: `@audience("budget.voters") def voters(edition_id): …`.

    `voters(edition_id="…")` then stands for them; the values are words. The query is asked later, and in parts.
    """

    def declare(ask: Ask) -> Callable[..., Audience]:
        _known[name] = ask

        def named(**values: str) -> Audience:
            return Audience(name, values)

        return named

    return declare


def selected(those: Audience) -> Accounts:
    """Return the query of an audience, for those who narrow it further; raises LookupError when nobody knows it."""
    return _known[those.name](**those.values)


def part_of(those: Audience, after: UUID | None, most: int) -> Sequence[UUID]:
    """Return the next `most` of them in the order of their ids; raises LookupError when nobody knows the audience."""
    found = selected(those).subquery()
    (ident,) = found.c
    ids = select(ident).distinct().order_by(ident).limit(most)
    return db.session.scalars(ids if after is None else ids.where(ident > after)).all()


def is_known(those: Audience) -> bool:
    """Tell whether somebody declared the audience."""
    return those.name in _known


@audience("platform.followers")
def followers(subject: str) -> Accounts:
    """Select who follows something."""
    return select(Follow.account_id).where(Follow.subject == subject)


@audience("platform.everybody")
def everybody() -> Accounts:
    """Select everybody who has confirmed her address."""
    return select(account.c.id).where(account.c.confirmed_at.is_not(None))


@audience("platform.subscribers")
def subscribers(topic: str, district: str = "") -> Accounts:
    """Select who chose to hear of a topic; of one district, where they chose districts."""
    wanted = cast(f'$."{topic}".* ? (@ != "off")', JSONPATH)
    found = select(Choice.account_id).where(func.jsonb_path_exists(Choice.topics, wanted))
    if district:
        found = found.where(
            or_(func.jsonb_array_length(Choice.districts) == 0, Choice.districts.contains([district]))
        )
    return found
