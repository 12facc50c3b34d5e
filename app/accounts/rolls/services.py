"""Verifying oneself by a list or by a code, and letting go of it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.attributes import kinds, services
from app.accounts.attributes.models import PersonAttribute
from app.accounts.attributes.rules import BIRTH_DATE, Level, Statement
from app.accounts.models import Account
from app.accounts.rolls.hashing import code_hash, hasher
from app.accounts.rolls.models import Roll, RollEntry, RollKind
from app.accounts.rolls.normal import Field, Unreadable, normal
from app.core.audit import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _

MOST = 100


def rolls(kind: RollKind | None = None) -> Sequence[Roll]:
    """Return lists and batches of codes, the newest first."""
    found = select(Roll).order_by(Roll.made_at.desc(), Roll.id).limit(MOST)
    return db.session.scalars(found.where(Roll.kind == kind) if kind else found).all()


def in_use(kind: RollKind) -> Sequence[Roll]:
    """Return the lists, or batches, that people can use now."""
    moment = now()
    return [one for one in rolls(kind) if one.is_open(moment)]


def roll(roll_id: UUID) -> Roll:
    """Return a list or batch; raises NotFound."""
    found = db.session.get(Roll, roll_id)
    if found is None:
        raise NotFound(_("There is no such list."))
    return found


def list_of_people(roll_id: UUID) -> Roll:
    """Return a list of people; raises NotFound, also for a batch of codes."""
    found = roll(roll_id)
    if found.kind is not RollKind.PEOPLE:
        raise NotFound(_("There is no such list."))
    return found


def used(ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return how many people have used each list or batch."""
    count = select(RollEntry.roll_id, func.count()).where(
        RollEntry.roll_id.in_(ids), RollEntry.account_id.is_not(None)
    )
    return {row[0]: row[1] for row in db.session.execute(count.group_by(RollEntry.roll_id))}


def prove(account: Account, roll_id: UUID, typed: Mapping[Field, str]) -> Sequence[str]:
    """Verify a person by what a list says of her and return what is proven now.

    Raises Invalid when nobody on the list fits. Whoever tries is limited by the page.
    """
    found = list_of_people(roll_id)
    if not found.is_open(now()):
        raise NotFound(_("This list is not in use any more."))
    wanted = {Field(name): typed.get(Field(name), "") for name in found.fields}
    try:
        values = normal(wanted)
    except Unreadable as error:
        raise Invalid(unreadable(error.field)) from error
    entry = _entry(found.id, hasher(found.fields)(values))
    if entry is None:
        raise Invalid(
            _(
                "Nobody on the list fits. Check what you typed; it has to be as on official papers. "
                "If it is right, the city can check your papers at a counter."
            )
        )
    _take(entry, account, _("Somebody has verified an account as this person already. Ask the city."))
    born = values[found.fields.index(Field.BIRTH_DATE)] if Field.BIRTH_DATE in found.fields else ""
    own = {found.carried: entry.value} if found.carried and entry.value else {}
    typed_too = {BIRTH_DATE: born} if born else {}
    return _state(account, found, {**found.grants, **typed_too, **own}, Level.ROLL)


def redeem(account: Account, code: str) -> Sequence[str]:
    """Use up a code from a letter and return what is proven now; raises Invalid for one that does not work."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    found = db.session.scalar(
        select(RollEntry)
        .join(Roll, Roll.id == RollEntry.roll_id)
        .where(RollEntry.digest == code_hash(plain), Roll.kind == RollKind.CODES)
        .with_for_update(of=RollEntry)
    )
    batch = roll(found.roll_id) if found is not None else None
    if found is None or batch is None or not batch.is_open(now()):
        raise Invalid(_("This code does not work. Check it letter by letter; codes end after a while."))
    _take(found, account, _("This code has been used already. Each works once."))
    return _state(account, batch, batch.grants, Level.CODE)


def release(person: Account, roll_id: UUID) -> None:
    """Let somebody else be the person on a list as whom this account was verified; what it proved is gone."""
    entry = db.session.scalar(
        select(RollEntry)
        .where(RollEntry.account_id == person.id, RollEntry.roll_id == roll_id)
        .with_for_update()
    )
    if entry is None:
        raise NotFound(_("This account is not verified by that list."))
    entry.account_id = None
    if roll(roll_id).kind is RollKind.PEOPLE:
        entry.used_at = None
    proven = PersonAttribute.account_id == person.id, PersonAttribute.roll_id == roll_id
    db.session.execute(delete(PersonAttribute).where(*proven))
    audit("people.released", subject=f"account:{person.id}", title=roll(roll_id).told["title"])


def free(roll_id: UUID, typed: Mapping[Field, str]) -> None:
    """Free a person of a list whose account is gone, so that she can verify another one; raises Invalid, Conflict."""
    found = list_of_people(roll_id)
    try:
        values = normal({Field(name): typed.get(Field(name), "") for name in found.fields})
    except Unreadable as error:
        raise Invalid(unreadable(error.field)) from error
    entry = _entry(found.id, hasher(found.fields)(values))
    if entry is None or entry.used_at is None:
        raise Invalid(_("Nobody on the list fits, or nobody has verified an account as this person."))
    if entry.account_id is not None:
        raise Conflict(_("An account is verified as this person. Release it on the page of that person."))
    entry.used_at = None
    audit("people.entry_freed", **found.told)


def end(roll_id: UUID) -> None:
    """Take a list or batch out of use: what it proved expires, its hashes are deleted."""
    found = roll(roll_id)
    if found.replaced_at is not None:
        raise Conflict(_("This is not in use any more."))
    moment = now()
    found.replaced_at = moment
    if found.kind is RollKind.PEOPLE:
        expire(found.id, moment)
    db.session.execute(delete(RollEntry).where(RollEntry.roll_id == found.id))
    audit("people.roll_ended", **found.told, number=found.entries)
    found.entries = 0


def expire(roll_id: UUID, moment: datetime) -> None:
    """Let what a list has proven expire."""
    known = db.session.scalars(select(PersonAttribute).where(PersonAttribute.roll_id == roll_id))
    for one in known:
        one.expires_at = min(one.expires_at or moment, moment)


def unreadable(field: Field) -> str:
    """Return what is wrong with something that was typed."""
    return {
        Field.NUMBER: _("Enter the number as it stands on the card or the letter."),
        Field.FAMILY_NAME: _("Enter the family name."),
        Field.GIVEN_NAME: _("Enter the first given name."),
        Field.BIRTH_DATE: _("Enter the birth date, for example 1984-03-27."),
        Field.POSTCODE: _("Enter the postcode."),
    }[field]


def _entry(roll_id: UUID, digest: bytes) -> RollEntry | None:
    return db.session.get(RollEntry, {"roll_id": roll_id, "digest": digest}, with_for_update=True)


def _take(entry: RollEntry, account: Account, taken: str) -> None:
    """Bind an entry to an account; one person of a list is one account, and the other way round."""
    if entry.account_id != account.id and entry.used_at is not None:
        raise Conflict(taken)
    try:
        with db.session.begin_nested():
            entry.account_id, entry.used_at = account.id, now()
    except IntegrityError as error:
        raise Conflict(
            _("Your account is verified as somebody else on this list. Ask the city to release it.")
        ) from error


def _state(account: Account, found: Roll, proven: Mapping[str, str], level: Level) -> Sequence[str]:
    moment = now()
    for attribute, value in proven.items():
        until = kinds.expiry(attribute, level, moment)
        services.state(account.id, Statement(attribute, value, level, moment, until), roll_id=found.id)
        services.settle(account.id, attribute)
    audit("people.verified", subject=f"account:{account.id}", level=level, title=found.told["title"])
    return list(proven)
