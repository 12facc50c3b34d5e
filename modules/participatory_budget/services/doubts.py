"""Doubts about votes without an account: what stands out, and whose right to vote is looked into, before the sealing.

Nothing here knows a choice. From where somebody came is kept as a hash of the part of the network she came from, in
steps of ten minutes, and gone soon after the close.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.sdk import (
    Account,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    _,
    audit,
    current_city,
    db,
    keyed_hash,
    new_id,
    now,
)

from ..models import Challenge, Edition, FailedTries, LetIn, PaperSlip, RollEntry
from ..rules.ways import Way
from .admissions import end_all
from .box import enter_box_alone, enter_open_box, must_be_open
from .taking_out import take_out

STEP = timedelta(minutes=10)
MANY_VOTERS, MANY_TRIES = 15, 20
MOST_SHOWN = 100
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Burst:
    """What came from one part of the network within ten minutes."""

    network: str
    at: datetime
    let_in: int
    voted: int
    failed: int

    @property
    def stands_out(self) -> bool:
        """Tell whether it is more than a family, a shared flat or a school would be."""
        return self.let_in >= MANY_VOTERS or self.failed >= MANY_TRIES


@dataclass(frozen=True, slots=True)
class Doubted:
    """A voter in a burst: a short name that says nothing, and whether she has voted."""

    short: str
    name: bytes
    way: Way
    voted: bool
    challenge: Challenge | None


class Challenged(Conflict):
    """The right of this voter to vote was denied by two people of the city."""


def network_of(address: str | None) -> bytes:
    """Return a hash of the part of the network an address is in: 24 bits of an IPv4 address, 48 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        part = "unknown"
    else:
        part = str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
    return keyed_hash("participatory_budget.network", current_city().id.encode(), part.encode())[:8]


def let_in(edition: Edition, voter: bytes, way: Way, network: bytes) -> None:
    """Note from which part of the network somebody was let in; the first time counts."""
    row = {"edition_id": edition.id, "voter": voter, "way": way, "network": network, "at": _step()}
    db.session.execute(insert(LetIn).values(**row).on_conflict_do_nothing())


def failed(edition: Edition, network: bytes) -> None:
    """Note a code that does not work."""
    one = insert(FailedTries).values(edition_id=edition.id, network=network, at=_step(), tries=1)
    more = {"tries": FailedTries.tries + 1}
    db.session.execute(one.on_conflict_do_update(index_elements=["edition_id", "network", "at"], set_=more))


def bursts(edition: Edition) -> list[Burst]:
    """Return what came in, the largest first; not who, and not what."""
    voted = RollEntry.edition_id == LetIn.edition_id, RollEntry.voter == LetIn.voter
    came = (
        select(LetIn.network, LetIn.at, func.count(), func.count(RollEntry.voter))
        .outerjoin(RollEntry, voted[0] & voted[1])
        .where(LetIn.edition_id == edition.id)
        .group_by(LetIn.network, LetIn.at)
        .order_by(func.count().desc(), LetIn.at.desc(), LetIn.network)
        .limit(MOST_SHOWN)
    )
    tried = (
        select(FailedTries.network, FailedTries.at, FailedTries.tries)
        .where(FailedTries.edition_id == edition.id)
        .order_by(FailedTries.tries.desc(), FailedTries.at.desc(), FailedTries.network)
        .limit(MOST_SHOWN)
    )
    found = {(bytes(row[0]), row[1]): (row[2], row[3], 0) for row in db.session.execute(came)}
    for network, at, tries in db.session.execute(tried):
        people, ballots, _none = found.get((bytes(network), at), (0, 0, 0))
        found[bytes(network), at] = (people, ballots, tries)
    made = [Burst(network.hex(), at, *numbers) for (network, at), numbers in found.items()]
    return sorted(made, key=lambda one: (-one.let_in - one.failed, one.at, one.network))[:MOST_SHOWN]


def in_burst(edition: Edition, network: str, at: datetime) -> list[Doubted]:
    """Return who came from one part of the network within ten minutes; raises NotFound."""
    try:
        part = bytes.fromhex(network)
    except ValueError:
        raise NotFound(_("There is no such group.")) from None
    rows = db.session.execute(
        select(LetIn, RollEntry.voter, Challenge)
        .outerjoin(RollEntry, (RollEntry.edition_id == LetIn.edition_id) & (RollEntry.voter == LetIn.voter))
        .outerjoin(Challenge, (Challenge.edition_id == LetIn.edition_id) & (Challenge.voter == LetIn.voter))
        .where(LetIn.edition_id == edition.id, LetIn.network == part, LetIn.at == at)
        .order_by(LetIn.voter)
        .limit(500)
    ).all()
    if not rows:
        raise NotFound(_("There is no such group."))
    return [
        Doubted(short_name(row[0].voter), row[0].voter, row[0].way, row[1] is not None, row[2])
        for row in rows
    ]


def short_name(voter: bytes) -> str:
    """Return how pages call a name on the roll."""
    return voter.hex()[:10]


def challenge(edition: Edition, voters: Sequence[bytes], reason: str, by: Account) -> int:
    """Doubt that voters may vote; returns how many that are. Somebody else decides. Raises VoteNotOpen, Invalid."""
    enter_open_box(edition)
    if not reason.strip():
        raise Invalid(_("Write why you doubt it: somebody else decides by it."))
    known = db.session.scalars(
        select(LetIn.voter).where(LetIn.edition_id == edition.id, LetIn.voter.in_(voters))
    ).all()
    rows = [
        {
            "id": new_id(),
            "edition_id": edition.id,
            "voter": voter,
            "reason": reason.strip()[:300],
            "raised_by": by.id,
            "raised_at": now(),
            "decision": "",
        }
        for voter in sorted(known)
    ]
    if not rows:
        raise Invalid(_("Choose at least one voter."))
    made = insert(Challenge).values(rows).on_conflict_do_nothing().returning(Challenge.id)
    number = len(db.session.execute(made).all())
    audit("participatory_budget.voters_challenged", subject=f"edition:{edition.id}", number=number)
    return number


def challenges(edition: Edition) -> Sequence[Challenge]:
    """Return the doubts, those to decide first."""
    mine = select(Challenge).where(Challenge.edition_id == edition.id)
    return db.session.scalars(
        mine.order_by(Challenge.upheld.is_not(None), Challenge.raised_at.desc(), Challenge.id).limit(200)
    ).all()


def decide(edition: Edition, challenge_id: UUID, *, upheld: bool, decision: str, by: Account) -> Challenge:
    """Decide about a doubt: upheld, the voter is taken off the roll with her ballot, unread. Raises Forbidden."""
    # Her ballot is in the box before, or is refused: none of hers is on its way.
    enter_box_alone(edition)
    db.session.refresh(edition)
    must_be_open(edition)
    found = db.session.get(Challenge, challenge_id, with_for_update=True)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such doubt."))
    if found.upheld is not None:
        raise Conflict(_("Somebody has decided this already."))
    if found.raised_by == by.id:
        raise Forbidden(_("Somebody else has to decide this: you have raised the doubt."))
    if not decision.strip():
        raise Invalid(_("Write why you decide so."))
    if upheld and _is_on_paper(edition, found.voter):
        raise Conflict(
            _("This person has voted on paper since: strike her slip while its envelope is closed.")
        )
    found.upheld, found.decision = upheld, decision.strip()[:300]
    found.decided_by, found.decided_at = by.id, now()
    db.session.flush()
    if upheld:
        take_out(edition, found.voter)
        end_all(edition, found.voter)
    audit("participatory_budget.challenge_decided", subject=f"edition:{edition.id}", upheld=upheld)
    return found


def must_stand(edition: Edition, voter: bytes) -> None:
    """Raise Challenged for a voter whose right to vote was denied."""
    denied = select(Challenge.id).where(
        Challenge.edition_id == edition.id, Challenge.voter == voter, Challenge.upheld.is_(True)
    )
    if db.session.scalar(denied) is not None:
        raise Challenged(
            _("The city has doubted your right to vote here, and two people have looked at it. Ask the city.")
        )


def _is_on_paper(edition: Edition, voter: bytes) -> bool:
    """Tell whether a slip names a voter: her ballot is a paper, which cannot be found again in the box."""
    slip = select(PaperSlip.number).where(PaperSlip.edition_id == edition.id, PaperSlip.voter == voter)
    return db.session.execute(slip.limit(1)).first() is not None


def forget(moment: datetime) -> int:
    """Delete where voters of votes closed for a week came from; returns how many traces that were."""
    over = select(Edition.id).where(Edition.closes_at < moment - KEPT)
    gone = 0
    for kind in (LetIn, FailedTries):
        old = delete(kind).where(kind.edition_id.in_(over)).returning(kind.network)
        gone += len(db.session.execute(old).all())
    return gone


def _step() -> datetime:
    moment = now()
    return moment.replace(minute=moment.minute - moment.minute % 10, second=0, microsecond=0)
