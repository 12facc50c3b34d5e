"""Taking in a list of residents: hashed line by line, thousands at a time, and in use only when it is whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Any
from uuid import UUID

from sqlalchemy import func, select, update

from app.accounts.attributes.kinds import kinds
from app.accounts.attributes.models import PersonAttribute
from app.accounts.rolls.hashing import hasher
from app.accounts.rolls.models import Roll, RollEntry, RollKind
from app.accounts.rolls.normal import Field, identifies
from app.accounts.rolls.reading import Columns, Person, Wrong, people
from app.core.audit import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.ids import new_id

CHUNK = 10_000
SHOWN_WRONG = 50
LONGEST_CARRIED = 80
# One round trip for thousands of lines; who is on the list twice is taken in once.
_INSERT = (
    "INSERT INTO roll_entry (roll_id, digest, value)"
    " SELECT %(roll)s, d, v FROM unnest(%(digests)s::bytea[], %(values)s::text[]) AS line (d, v)"
    " ON CONFLICT DO NOTHING"
)
# Who is on both lists, told by the same fields, stays verified without doing anything.
_CARRY = (
    "UPDATE roll_entry fresh SET account_id = old.account_id, used_at = old.used_at FROM roll_entry old"
    " WHERE old.roll_id = %(old)s AND fresh.roll_id = %(new)s AND fresh.digest = old.digest"
    " AND old.used_at IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is called, how to read it and what being on it proves."""

    title: str
    columns: Columns
    grants: Mapping[str, str]
    carried: str = ""
    """The attribute whose value stands in the carried column, as the district of each person."""
    replaces: UUID | None = None
    ends_at: datetime | None = None
    leave_out_wrong: bool = False


@dataclass(slots=True)
class Report:
    """What became of a file."""

    read: int = 0
    entered: int = 0
    wrong: int = 0
    shown: list[Wrong] = field(default_factory=list)
    stays_verified: int = 0
    roll_id: UUID | None = None

    @property
    def twice(self) -> int:
        """Return how many lines say what another line has said."""
        return self.read - self.wrong - self.entered

    def note(self, wrong: Wrong) -> None:
        """Count a line that cannot be used, and keep the first ones."""
        self.wrong += 1
        if len(self.shown) < SHOWN_WRONG:
            self.shown.append(wrong)


class WrongLines(Invalid):
    """Lines of the file cannot be used and nobody has said that they may be left out; nothing was kept."""

    def __init__(self, report: Report) -> None:
        super().__init__(_("Some lines cannot be used. Correct them, or say that they may be left out."))
        self.report = report


def take_in(stream: IO[bytes], wish: Wish) -> Report:
    """Read a list and put it in use, in place of another if asked; raises Invalid, and then keeps nothing."""
    _must_make_sense(wish)
    old = _replaced(wish.replaces)
    fields = [one.value for one in Field if one in wish.columns.fields]
    roll = Roll(
        id=new_id(),
        kind=RollKind.PEOPLE,
        title=wish.title,
        fields=fields,
        grants=dict(wish.grants),
        carried=wish.carried,
        made_at=now(),
        ends_at=wish.ends_at,
    )
    db.session.add(roll)
    db.session.flush()
    report = _read(stream, wish, roll)
    if report.wrong and not wish.leave_out_wrong:
        raise WrongLines(report)
    if not report.entered:
        raise Invalid(_("Nobody is on this list."))
    roll.entries, report.roll_id = report.entered, roll.id
    if old is not None:
        report.stays_verified = replace(old, roll)
    audit("people.roll_imported", **roll.told, number=report.entered, wrong=report.wrong)
    return report


def replace(old: Roll, new: Roll) -> int:
    """Put a list in the place of another: who is on both stays verified, what came from the old one alone expires."""
    moment = now()
    if old.fields == new.fields:
        _connection().exec_driver_sql(_CARRY, {"old": old.id, "new": new.id})
    old.replaced_at = moment
    db.session.flush()
    on_new = select(RollEntry.account_id).where(
        RollEntry.roll_id == new.id, RollEntry.account_id.is_not(None)
    )
    mine = PersonAttribute.roll_id == old.id
    same = set(old.grants.items()) & set(new.grants.items())
    moved = [*(name for name, _value in same), *_typed(old, new)]
    stays = mine, PersonAttribute.account_id.in_(on_new), PersonAttribute.attribute.in_(moved)
    db.session.execute(update(PersonAttribute).where(*stays).values(roll_id=new.id))
    over = PersonAttribute.expires_at.is_(None) | (PersonAttribute.expires_at > moment)
    db.session.execute(update(PersonAttribute).where(mine, over).values(expires_at=moment))
    _carry_values(new)
    # Of a list that is replaced nothing is needed but what people are told: that it was replaced.
    _connection().exec_driver_sql("DELETE FROM roll_entry WHERE roll_id = %(old)s", {"old": old.id})
    old.entries = 0
    return db.session.scalar(select(func.count()).select_from(on_new.subquery())) or 0


def _typed(old: Roll, new: Roll) -> list[str]:
    """Return what people typed and both lists confirm, and what both carry."""
    born = ["birth_date"] if "birth_date" in old.fields and "birth_date" in new.fields else []
    return [*born, *([new.carried] if new.carried and new.carried == old.carried else [])]


def _carry_values(new: Roll) -> None:
    """Let whoever stays verified have what the new list says of her, as another district after a move."""
    if not new.carried:
        return
    says = select(RollEntry.value).where(
        RollEntry.roll_id == new.id, RollEntry.account_id == PersonAttribute.account_id
    )
    mine = PersonAttribute.roll_id == new.id, PersonAttribute.attribute == new.carried
    # Of whom the new list says nothing, nothing is known from it.
    known = func.coalesce(says.scalar_subquery(), "")
    db.session.execute(
        update(PersonAttribute).where(*mine).values(value=known),
        execution_options={"synchronize_session": False},
    )
    empty = *mine, PersonAttribute.value == ""
    db.session.execute(update(PersonAttribute).where(*empty).values(expires_at=now()))


def _read(stream: IO[bytes], wish: Wish, roll: Roll) -> Report:
    report, digest = Report(), hasher(roll.fields)
    allowed = kinds()[wish.carried].options if wish.carried else {}
    found = _usable(people(stream, wish.columns), report, allowed)
    while chunk := list(islice(found, CHUNK)):
        digests = [digest(one.values) for one in chunk]
        values = {"roll": roll.id, "digests": digests, "values": [one.carried for one in chunk]}
        report.entered += _connection().exec_driver_sql(_INSERT, values).rowcount
    return report


def _usable(lines: Iterator[Person | Wrong], report: Report, allowed: Mapping[str, str]) -> Iterator[Person]:
    for line in lines:
        report.read += 1
        if isinstance(line, Wrong):
            report.note(line)
        elif line.carried is not None and _is_unknown(line.carried, allowed):
            report.note(Wrong(line.line, None))
        else:
            yield line


def _is_unknown(value: str, allowed: Mapping[str, str]) -> bool:
    return len(value) > LONGEST_CARRIED or (bool(allowed) and value not in allowed)


def _must_make_sense(wish: Wish) -> None:
    if not wish.title.strip():
        raise Invalid(_("Write what the list is called."))
    if not identifies(wish.columns.fields):
        raise Invalid(
            _(
                "Choose columns that tell people apart: the number and one more, "
                "or family name, birth date and one more."
            )
        )
    names = [*wish.columns.fields.values(), *([wish.columns.carried] if wish.columns.carried else [])]
    if len(set(names)) != len(names):
        raise Invalid(_("Choose each column once."))
    known = kinds()
    if bool(wish.carried) != bool(wish.columns.carried) or (wish.carried and wish.carried not in known):
        raise Invalid(_("Choose the column and what it says about each person."))
    for attribute, value in wish.grants.items():
        if attribute not in known or known[attribute].clean(value) != value:
            raise Invalid(_("Choose what being on the list proves."))
    if not wish.grants and not wish.carried and Field.BIRTH_DATE not in wish.columns.fields:
        raise Invalid(_("Choose what being on the list proves."))


def _replaced(roll_id: UUID | None) -> Roll | None:
    if roll_id is None:
        return None
    found = db.session.get(Roll, roll_id, with_for_update=True)
    if found is None or found.replaced_at is not None or found.kind is not RollKind.PEOPLE:
        raise Invalid(_("The list to be replaced is not in use any more."))
    return found


def _connection() -> Any:
    db.session.flush()
    return db.session.connection()
