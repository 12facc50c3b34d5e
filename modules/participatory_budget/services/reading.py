"""Sealed ballots by the hundred thousand: as columns for the count, and counted a second time by the database."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, TextClause, text

from app.sdk import db

from ..fast.columns import Columns, columns_of
from ..fast.sums import Marked, added, marked
from ..rules.ballots import BallotType

ByContest = Mapping[str, Marked]
PAGE = 100_000
"""So many ballots are held at once where all of a contest are read."""

# Ballots put one after the other, and their lengths, so that no row is looked at one by one.
_READ = text(
    "SELECT contest, string_agg(choices, ''::bytea) AS data,"
    " string_agg(int4send(octet_length(choices)), ''::bytea) AS lengths"
    " FROM (SELECT contest, choices FROM participatory_budget_sealed_ballot"
    "  WHERE edition_id = :edition AND position > :after AND position <= :until ORDER BY position) AS ballot"
    " GROUP BY contest"
)
_PAGE = text(
    "SELECT string_agg(choices, ''::bytea) AS data, max(position) AS last,"
    " string_agg(int4send(octet_length(choices)), ''::bytea) AS lengths"
    " FROM (SELECT position, choices FROM participatory_budget_sealed_ballot"
    "  WHERE edition_id = :edition AND contest = :contest AND position > :after"
    "  ORDER BY position LIMIT :most) AS ballot"
)
# After millions of new rows the planner knows too little of them, and would read and sort all of them for each page,
# and every mark of them for the second count, where one process counts in less time than two hand to each other.
_IN_ORDER = (text("SET LOCAL enable_seqscan = off"), text("SET LOCAL enable_bitmapscan = off"))
_UNSORTED = (text("SET LOCAL enable_sort = off"), text("SET LOCAL max_parallel_workers_per_gather = 0"))
_NUMBER = "get_byte(choices, at) * 256 + get_byte(choices, at + 1)"
_GIVEN = "get_byte(choices, at + 2) * 256 + get_byte(choices, at + 3)"
_MARK = {BallotType.RANKED: "at / 2 + 1", BallotType.POINTS: _GIVEN, BallotType.JUDGEMENT: _GIVEN}


@dataclass(frozen=True, slots=True)
class Batch:
    """What some of the ballots say, by contest."""

    marks: ByContest
    ballots: int
    blank: int


def read_batch(edition_id: UUID, kind: BallotType, *, after: int, until: int) -> Batch:
    """Count the ballots at these places; a ValueError means that one of them cannot be read."""
    _plan(db.session.connection(), _IN_ORDER)
    rows = db.session.execute(_READ, {"edition": edition_id, "after": after, "until": until}).all()
    found = {row.contest: columns_of(kind, bytes(row.data), bytes(row.lengths)) for row in rows}
    blank = sum(int((one.sizes == 0).sum()) for one in found.values())
    ballots = sum(one.ballots for one in found.values())
    return Batch({key: marked(one) for key, one in found.items()}, ballots, blank)


def contest_pages(edition_id: UUID, contest: str, kind: BallotType) -> Iterator[Columns]:
    """Yield all ballots of one contest in the order of what they say, many at a time.

    While one page is looked at, the database gets the next one ready: whoever takes pages leaves the session alone.
    """
    connection = db.session.connection()
    _plan(connection, _IN_ORDER)

    def page(after: int) -> Row[Any]:
        place = {"edition": edition_id, "contest": contest, "after": after, "most": PAGE}
        return connection.execute(_PAGE, place).one()

    with ThreadPoolExecutor(1) as ahead:
        row = page(0)
        while row.last is not None:
            following = ahead.submit(page, row.last) if len(row.lengths) == 4 * PAGE else None
            yield columns_of(kind, row.data, row.lengths)
            if following is None:
                return
            row = following.result()


def _plan(connection: Connection, settings: Iterable[TextClause]) -> None:
    for setting in settings:
        connection.execute(setting)


def counted_by_database(edition_id: UUID, kind: BallotType) -> ByContest:
    """Return the same sums as PostgreSQL finds them, which shares no line with the count."""
    size = 4 if kind in (BallotType.POINTS, BallotType.JUDGEMENT) else 2
    # In the list of what is selected, a ballot is taken apart in half the time that a join with its places takes.
    statement = text(
        f"SELECT contest, {_NUMBER} AS number, {_MARK.get(kind, '1')} AS mark, count(*) AS times"  # noqa: S608
        " FROM (SELECT contest, choices, generate_series(0, octet_length(choices) - :size, :size) AS at"
        "  FROM participatory_budget_sealed_ballot WHERE edition_id = :edition) AS entry"
        " GROUP BY 1, 2, 3"
    )
    _plan(db.session.connection(), _UNSORTED)
    found: dict[str, Marked] = {}
    for row in db.session.execute(statement, {"edition": edition_id, "size": size}):
        found.setdefault(row.contest, {}).setdefault(row.number, {})[row.mark] = row.times
    return found


def together(parts: list[ByContest]) -> ByContest:
    """Return the sums of several batches."""
    contests = {key for part in parts for key in part}
    return {key: added(part[key] for part in parts if key in part) for key in contests}
