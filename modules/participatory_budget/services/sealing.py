"""Sealing: the ballots are written anew by contest, in the order of what they say, and what led to them is destroyed."""

from sqlalchemy import delete, func, insert, literal, select, text

from app.sdk import audit, db, enqueue, now

from ..models import (
    Ballot,
    ChannelTotal,
    Draft,
    Edition,
    LetIn,
    LogEntry,
    PersonKey,
    RollEntry,
    SealedBallot,
    SealedReceipt,
    WaitingLeaf,
)
from ..rules.ballots import BallotType
from ..rules.contests import CITYWIDE, ContestsBy
from . import ballot_log
from .paper_votes.box import forget_names, surplus
from .receipt_leaves import root_of
from .statistics import arrivals

SWEPT = tuple(
    f"participatory_budget_{name}"
    for name in (
        "ballot",
        "draft",
        "roll",
        "person_key",
        "let_in",
        "log_waiting",
        "arrival",
        "paper_slip",
        "paper_entry",
        "admission",
        "one_time_code",
        # Its old row has the salt.
        "edition",
    )
)
"""Tables in which sealing deletes or writes anew: their old rows stay on disk until the database is told to sweep."""
REWRITTEN: tuple[type[RollEntry | PersonKey | LetIn], ...] = (RollEntry, PersonKey, LetIn)
"""What is kept of those who voted: as they were written, its rows would tell who came before whom."""
_WITH_MARKS = (BallotType.POINTS, BallotType.JUDGEMENT)
# A stored ballot is a row of entries of equal size, and each begins with the number of its project (rules.marks).
# Those of one contest, left in their order, are the ballot of this contest.
_SPLIT = text(
    "WITH part AS MATERIALIZED ("
    " SELECT parts.contest, b.channel, parts.choices FROM participatory_budget_ballot b CROSS JOIN LATERAL ("
    "  SELECT p.district AS contest, string_agg(e.entry, ''::bytea ORDER BY e.place) AS choices"
    "  FROM (SELECT i AS place, substr(b.choices, 1 + :size * i, :size) AS entry"
    "   FROM generate_series(0, octet_length(b.choices) / :size - 1) AS i) e"
    "  JOIN participatory_budget_project p ON p.edition_id = :edition"
    "   AND p.number = get_byte(e.entry, 0) * 256 + get_byte(e.entry, 1)"
    "  GROUP BY p.district) parts"
    " WHERE b.edition_id = :edition),"
    " sealed AS (INSERT INTO participatory_budget_sealed_ballot (edition_id, contest, position, choices)"
    ' SELECT :edition, contest, row_number() OVER (ORDER BY contest COLLATE "C", choices), choices FROM part),'
    " total AS (INSERT INTO participatory_budget_channel_total (edition_id, contest, channel, ballots)"
    " SELECT :edition, contest, channel, count(*) FROM part GROUP BY contest, channel)"
    " SELECT coalesce(sum(octet_length(choices)), 0) FROM part"
)


class BoxAndRollDiffer(RuntimeError):
    """There are more ballots than voters or fewer; nothing is sealed, a person must look."""


class PaperAndBallotsDiffer(RuntimeError):
    """A ballot names what does not stand on the paper; nothing is sealed, a person must look."""


def box_and_roll(edition: Edition) -> tuple[int, int]:
    """Return how many ballots lie in the box, and how many voters have one there: equal when all is well."""
    return _number_of(Ballot, edition), _number_of(RollEntry, edition) + surplus(edition)


def seal(edition: Edition) -> None:
    """Write the ballots by contest, forget slots and drafts, destroy the salt; the vote must be closed."""
    ballots, voters = box_and_roll(edition)
    if ballots != voters:
        raise BoxAndRollDiffer(f"edition {edition.id}: {ballots} ballots, {voters} voters")
    _end_log(edition)
    arrivals.add_up(edition.id)
    if edition.contests_by is ContestsBy.ONE:
        _seal_whole(edition)
    else:
        _seal_by_contest(edition)
    mine = Ballot.edition_id == edition.id
    leaves = select(literal(edition.id), Ballot.leaf).where(mine).order_by(Ballot.leaf)
    db.session.execute(insert(SealedReceipt).from_select(["edition_id", "leaf"], leaves))
    edition.receipts_root = root_of(edition.id)
    db.session.execute(delete(Ballot).where(mine))
    db.session.execute(delete(Draft).where(Draft.edition_id == edition.id))
    for kind in REWRITTEN:
        _write_anew(kind, edition)
    forget_names(edition)
    edition.slot_salt = None
    edition.sealed_at = now()
    audit("participatory_budget.ballots_sealed", subject=f"edition:{edition.id}", ballots=ballots)
    enqueue("participatory_budget.sweep")


def _end_log(edition: Edition) -> None:
    """Seal the last batch of the log; what the release before has cast is only now written into it."""
    logged = select(1).where(Ballot.leaf == LogEntry.leaf, LogEntry.edition_id == edition.id)
    waits = select(1).where(Ballot.leaf == WaitingLeaf.leaf, WaitingLeaf.edition_id == edition.id)
    missing = select(literal(edition.id), Ballot.leaf).where(
        Ballot.edition_id == edition.id, ~logged.exists(), ~waits.exists()
    )
    db.session.execute(insert(WaitingLeaf).from_select(["edition_id", "leaf"], missing))
    ballot_log.seal_batch(edition, last=True)


def _seal_whole(edition: Edition) -> None:
    mine = Ballot.edition_id == edition.id
    position = func.row_number().over(order_by=Ballot.choices)
    ordered = select(literal(edition.id), position, Ballot.choices).where(mine)
    db.session.execute(insert(SealedBallot).from_select(["edition_id", "position", "choices"], ordered))
    totals = select(literal(edition.id), literal(CITYWIDE), Ballot.channel, func.count()).where(mine)
    kept = ["edition_id", "contest", "channel", "ballots"]
    db.session.execute(insert(ChannelTotal).from_select(kept, totals.group_by(Ballot.channel)))


def _seal_by_contest(edition: Edition) -> None:
    """Split each ballot; its parts are not linked, and one that says nothing in a contest has none there."""
    said = select(func.coalesce(func.sum(func.octet_length(Ballot.choices)), 0))
    before = db.session.scalar(said.where(Ballot.edition_id == edition.id))
    size = 4 if edition.ballot_type in _WITH_MARKS else 2
    after = db.session.scalar(_SPLIT, {"edition": edition.id, "size": size})
    if before != after:
        raise PaperAndBallotsDiffer(
            f"edition {edition.id}: {before} bytes of marks, {after} of them in a contest"
        )


def _write_anew(kind: type[RollEntry | PersonKey | LetIn], edition: Edition) -> None:
    """Write rows anew in the order of their keys, which are hashes, in one transaction: nothing tells who came when."""
    columns = kind.__table__.columns
    gone = delete(kind).where(kind.edition_id == edition.id).returning(*columns).cte("gone")
    names = [column.name for column in columns]
    anew = select(*(gone.c[name] for name in names))
    order = [gone.c[column.name] for column in columns if column.primary_key]
    # The order has the database delete all rows before it writes the first: their keys are free then.
    db.session.execute(insert(kind).from_select(names, anew.order_by(*order)))


def _number_of(kind: type[Ballot] | type[RollEntry], edition: Edition) -> int:
    counted = select(func.count()).select_from(kind).where(kind.edition_id == edition.id)
    return db.session.scalar(counted) or 0
