"""One person, one ballot: what only one voter of an edition can have is taken in the transaction of her ballot.

Two votes of one person, however they come in, meet in a unique constraint. The keys say under which name on the roll
she stands; to her ballot they lead no further than that name, which means nothing once the salt is destroyed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.sdk import (
    Account,
    Conflict,
    Level,
    _,
    current_city,
    db,
    keyed_hash,
    lines_of,
    phone_of,
    proven_value,
)

from ..models import BatchState, Edition, PaperBatch, PaperSlip, PersonKey, RollEntry, Station
from ..rules.persons import one_mailbox, readings
from ..rules.ways import Channel, Duplicates, KeyKind, Way
from .access import access_of
from .admissions import Key
from .statistics import arrivals
from .voters import Voter

BIRTH_DATE = "birth_date"
ONLINE = "online"
"""Why an envelope was set aside: the person voted on the web afterwards."""


class VotedAlready(Conflict):
    """A ballot of this person is in, under another name on the roll."""


def key(edition: Edition, kind: KeyKind, *values: str | bytes) -> Key:
    """Return a key of an edition; of no use for another one, nor for another city."""
    parts = [value.encode() if isinstance(value, str) else value for value in values]
    city = current_city().id.encode()
    return Key(kind, keyed_hash("participatory_budget.person", city, edition.id.bytes, kind.encode(), *parts))


def mail_key(edition: Edition, address: str) -> Key:
    """Return the key of a mailbox."""
    return key(edition, KeyKind.MAIL, one_mailbox(address))


def phone_key(edition: Edition, number: str) -> Key:
    """Return the key of a telephone number (E.164)."""
    return key(edition, KeyKind.PHONE, number)


def roll_key(edition: Edition, digest: bytes) -> Key:
    """Return the key of a person on a list of the city."""
    return key(edition, KeyKind.ROLL, digest)


def identity_key(edition: Edition, pair: str, born: str) -> Key:
    """Return the key of a name in one form and a birth date (ISO 8601)."""
    return key(edition, KeyKind.IDENTITY, pair, born)


def keys_of(edition: Edition, voter: Voter) -> tuple[Key, ...]:
    """Return what nobody else who votes can have."""
    if voter.account is None:
        return voter.keys
    return tuple(_of_account(edition, voter.account))


def claim(edition: Edition, name: bytes, keys: Iterable[Key]) -> None:
    """Take the keys for a name on the roll, in the transaction of its ballot; raises VotedAlready.

    They are taken in one order by everybody: whoever comes second waits for the first, and finds them taken.
    """
    wanted = in_order(keys)
    if _take(edition, name, wanted):
        return
    while (taken := holder(edition, wanted, but=name)) is not None:
        if not _gives_way(edition, taken.voter):
            raise VotedAlready(_told(edition, taken))
        _take(edition, name, wanted)


def in_order(keys: Iterable[Key]) -> list[Key]:
    """Return keys in the order in which everybody takes them."""
    return sorted(set(keys), key=lambda one: (one.kind, one.value))


def must_be_free(edition: Edition, name: bytes, keys: Sequence[Key]) -> None:
    """Raise VotedAlready when somebody else on the roll has one of these keys."""
    taken = holder(edition, keys, but=name)
    if taken is not None and _closed_envelope(edition, taken.voter) is None:
        raise VotedAlready(_told(edition, taken))


def holder(edition: Edition, keys: Sequence[Key], *, but: bytes = b"") -> PersonKey | None:
    """Return a key that is taken, by somebody else than `but`; None when all are free."""
    if not keys:
        return None
    any_of = or_(*(and_(PersonKey.kind == one.kind, PersonKey.key == one.value) for one in keys))
    found = select(PersonKey).where(PersonKey.edition_id == edition.id, any_of, PersonKey.voter != but)
    return db.session.scalar(found.order_by(PersonKey.kind, PersonKey.key).limit(1))


def release(edition: Edition, name: bytes) -> None:
    """Let go of all keys of a name on the roll, whose ballot has been taken back."""
    mine = (PersonKey.edition_id == edition.id, PersonKey.voter == name)
    db.session.execute(delete(PersonKey).where(*mine))


def forget(closed_before: datetime) -> int:
    """Delete the keys of votes that closed before a moment; returns how many that were."""
    closed = select(Edition.id).where(Edition.closes_at < closed_before, Edition.slot_salt.is_(None))
    old = delete(PersonKey).where(PersonKey.edition_id.in_(closed)).returning(PersonKey.key)
    return len(db.session.execute(old).all())


def _of_account(edition: Edition, account: Account) -> Iterable[Key]:
    access = access_of(edition)
    yield mail_key(edition, account.email)
    if access.has(Way.SMS):
        # Without votes by text message a number that two people share keeps neither from voting.
        number = phone_of(account.id)
        if number is not None:
            yield phone_key(edition, number)
    for digest in lines_of(account.id):
        yield roll_key(edition, digest)
    if access.has(Way.PAPER, Way.BOOTH, Way.LETTER):
        # Only a birth date that the city has seen: nobody takes a neighbour's place by typing her name.
        born = proven_value(BIRTH_DATE, account=account, least=Level.STAFF)
        for pair in sorted(readings(account.name)) if born else ():
            yield identity_key(edition, pair, str(born))


def voted_on_paper(edition: Edition, name: bytes) -> str:
    """Return what somebody reads who stands on the roll without a ballot of her own in the box."""
    return _paper(edition, name) or _("A ballot of this person is in already.")


def _told(edition: Edition, taken: PersonKey) -> str:
    on_paper = _paper(edition, taken.voter)
    if on_paper is not None:
        return on_paper
    return {
        KeyKind.MAIL: _("A ballot from this mail address is in already."),
        KeyKind.PHONE: _("A ballot from this telephone number is in already."),
        KeyKind.ROLL: _("A ballot of this person is in already."),
        KeyKind.IDENTITY: _("A ballot of a person with this name and birth date is in already."),
    }[taken.kind]


def _paper(edition: Edition, voter: bytes) -> str | None:
    place = (
        select(Station.name, PaperBatch.made_at)
        .select_from(PaperSlip)
        .join(PaperBatch, PaperBatch.id == PaperSlip.batch_id)
        .outerjoin(Station, Station.id == PaperBatch.station_id)
        .where(PaperSlip.edition_id == edition.id, PaperSlip.voter == voter)
    )
    found = db.session.execute(place).first()
    if found is None:
        return None
    if found.name is None:
        return _("You have voted on paper, by post.")
    return _("You have voted on paper at %(place)s.", place=found.name)


def _take(edition: Edition, name: bytes, keys: Sequence[Key]) -> bool:
    """Take what is free of these keys; tells whether that was all of them."""
    if not keys:
        return True
    rows = [{"edition_id": edition.id, "kind": one.kind, "key": one.value, "voter": name} for one in keys]
    taken = insert(PersonKey).values(rows).on_conflict_do_nothing().returning(PersonKey.key)
    return len(db.session.execute(taken).all()) == len(keys)


def _gives_way(edition: Edition, name: bytes) -> bool:
    """Set an envelope aside that is still closed, where the city wants the vote on the web to count."""
    slip = _closed_envelope(edition, name, lock=True)
    if slip is None:
        return False
    slip.voter, slip.set_aside = None, ONLINE
    db.session.flush()
    named = (RollEntry.edition_id == edition.id, RollEntry.voter == name)
    db.session.execute(delete(RollEntry).where(*named))
    release(edition, name)
    arrivals.count(edition, Voter(name, b"", Channel.PAPER), -1)
    return True


def _closed_envelope(edition: Edition, name: bytes, *, lock: bool = False) -> PaperSlip | None:
    if access_of(edition).duplicates is not Duplicates.ONLINE:
        return None
    held = (
        select(PaperBatch)
        .join(PaperSlip, PaperSlip.batch_id == PaperBatch.id)
        .where(PaperSlip.edition_id == edition.id, PaperSlip.voter == name, PaperBatch.in_envelopes)
    )
    # Whoever opens the envelopes locks the batch: what is read here holds until the transaction ends.
    batch = db.session.scalar(
        held.with_for_update(of=PaperBatch) if lock else held, execution_options={"populate_existing": True}
    )
    if batch is None or batch.state is not BatchState.SLIPS:
        return None
    mine = select(PaperSlip).where(PaperSlip.batch_id == batch.id, PaperSlip.voter == name)
    return db.session.scalar(mine.with_for_update() if lock else mine)
