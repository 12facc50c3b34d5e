"""What is known about people, and their places on lists, as the data protection page tells of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.accounts.attributes.kinds import kinds, words_of
from app.accounts.attributes.models import PersonAttribute
from app.accounts.attributes.services import of_account
from app.accounts.attributes.wording import document_names, level_name
from app.accounts.rolls.models import Roll, RollEntry, RollKind
from app.core.db import db
from app.core.i18n import gettext as _
from app.core.people import Basis, Holding, Record, Stays, holds

EXPIRED_KEPT = timedelta(days=180)
CODES_KEPT = timedelta(days=30)
BATCHES_KEPT = timedelta(days=2 * 365)
PLACE_HELD = timedelta(days=365)


def collect(account_id: UUID) -> Iterable[Record]:
    """Return what is known about a person, in words, and which lists and codes she has used."""
    known, documents = kinds(), document_names()
    for one in of_account(account_id):
        yield {
            "attribute": known[one.attribute].title if one.attribute in known else one.attribute,
            "value": words_of(one.attribute, one.value, known),
            "known": level_name(one.level),
            "document": documents.get(one.document, ""),
            "since": one.stated_at,
            "until": one.expires_at,
        }
    for entry, title in _used(account_id):
        yield {"list": title, "used": entry.used_at, "value": entry.value or ""}


def erase(account_id: UUID) -> None:
    """Delete what is known; the place on a list stays taken, without a name."""
    db.session.execute(delete(PersonAttribute).where(PersonAttribute.account_id == account_id))
    mine = update(RollEntry).where(RollEntry.account_id == account_id)
    db.session.execute(mine.values(account_id=None))


def stays(account_id: UUID) -> Iterable[Stays]:
    """Say that a place on a list stays taken."""
    if _used(account_id):
        yield Stays(
            _("That somebody has used a place on a list or a code; not who."),
            _("So that nobody votes twice with two accounts. It is forgotten after a year."),
        )


def retain(moment: datetime) -> int:
    """Forget what expired long ago, codes that are over, and places that were held for a deleted account."""
    expired = delete(PersonAttribute).where(PersonAttribute.expires_at < moment - EXPIRED_KEPT)
    gone = len(db.session.execute(expired.returning(PersonAttribute.id)).all())
    over = select(Roll.id).where(Roll.kind == RollKind.CODES, Roll.ends_at < moment - CODES_KEPT)
    codes = delete(RollEntry).where(RollEntry.roll_id.in_(over))
    gone += _done(codes)
    lists = select(Roll.id).where(Roll.kind == RollKind.PEOPLE, Roll.ends_at < moment)
    gone += _done(delete(RollEntry).where(RollEntry.roll_id.in_(lists)))
    held = RollEntry.account_id.is_(None) & (RollEntry.used_at < moment - PLACE_HELD)
    people = select(Roll.id).where(Roll.kind == RollKind.PEOPLE)
    gone += _done(update(RollEntry).where(held, RollEntry.roll_id.in_(people)).values(used_at=None))
    old = (Roll.replaced_at < moment - BATCHES_KEPT) | (Roll.ends_at < moment - BATCHES_KEPT)
    return gone + _done(delete(Roll).where(old))


def _done(statement: object) -> int:
    return int(db.session.execute(statement, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[call-overload]


def _used(account_id: UUID) -> list[tuple[RollEntry, str]]:
    found = select(RollEntry, Roll.title).join(Roll, Roll.id == RollEntry.roll_id)
    return [(row[0], row[1]) for row in db.session.execute(found.where(RollEntry.account_id == account_id))]


holds(
    Holding(
        name="platform.attributes",
        title=_l("What is known about residents"),
        purpose=_l(
            "To know who may vote, enrol or get a service: where somebody lives, how old she is and the like."
        ),
        basis=Basis.PUBLIC_TASK,
        kept=_l(
            "Until it expires, and half a year longer; of lists of residents only hashes, "
            "until the list is replaced."
        ),
        collect=collect,
        erase=erase,
        stays=stays,
        retain=retain,
        tables=("person_attribute", "roll_entry"),
    )
)
