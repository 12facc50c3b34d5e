"""Who of a list somebody is, as an officer types it, and on which lines of lists an account stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from app.accounts.attributes.rules import BIRTH_DATE, Level, Statement
from app.accounts.rolls.hashing import hasher
from app.accounts.rolls.models import Roll, RollEntry, RollKind
from app.accounts.rolls.normal import Field, Unreadable, normal
from app.accounts.rolls.services import in_use, unreadable
from app.core.clock import now
from app.core.db import db
from app.core.errors import Invalid
from app.core.reading import Query, rows

_LINES = Query(
    select(RollEntry.digest)
    .join(Roll, Roll.id == RollEntry.roll_id)
    .where(RollEntry.account_id == bindparam("account"), Roll.kind == RollKind.PEOPLE)
    .order_by(RollEntry.digest)
    .limit(20)
)


@dataclass(frozen=True, slots=True)
class OnList:
    """One person of a list: the hash under which the city knows her, and what the list says of her."""

    digest: bytes
    statements: tuple[Statement, ...]


def list_in_use() -> Roll | None:
    """Return the list of people that the city uses now, the newest of several; None where it has none."""
    return next(iter(in_use(RollKind.PEOPLE)), None)


def find_on_list(found: Roll, typed: Mapping[Field, str]) -> OnList | None:
    """Return who of a list is meant, None when nobody fits; raises Invalid for what cannot be read."""
    values = identity({Field(name): typed.get(Field(name), "") for name in found.fields})
    digest = hasher(found.fields)(values)
    entry = db.session.get(RollEntry, {"roll_id": found.id, "digest": digest})
    if entry is None:
        return None
    known = dict(found.grants)
    if Field.BIRTH_DATE in found.fields:
        known[BIRTH_DATE] = values[found.fields.index(Field.BIRTH_DATE)]
    if found.carried and entry.value:
        known[found.carried] = entry.value
    moment = now()
    return OnList(digest, tuple(Statement(name, value, Level.ROLL, moment) for name, value in known.items()))


def lines_of(account_id: UUID) -> Sequence[bytes]:
    """Return the hashes of the persons on lists as whom an account is verified."""
    return [bytes(row.digest) for row in rows(_LINES(account=account_id))]


def identity(typed: Mapping[Field, str]) -> list[str]:
    """Return what somebody typed about a person in one form, in the order of the fields; raises Invalid."""
    try:
        return normal(typed)
    except Unreadable as error:
        raise Invalid(unreadable(error.field)) from error
