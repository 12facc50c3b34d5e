"""A ballot and all that goes with it, in one message: voters wait for nothing longer than for the database."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Integer, text

from app.sdk import UNSEEN, Query, rows

from ..models import Edition
from .persons import claim, in_order, keys_of
from .statistics import arrivals
from .voters import Voter

# The parts see one state of the tables, that of the moment before, and act only once the ballot is in its slot.
_PUT_IN = """
WITH known AS (
    SELECT EXISTS (SELECT FROM participatory_budget_log_entry WHERE edition_id = :edition AND leaf = :leaf)
        OR EXISTS (SELECT FROM participatory_budget_log_waiting WHERE edition_id = :edition AND leaf = :leaf)
        AS already),
put AS ({put}),
entered AS (
    INSERT INTO participatory_budget_roll (edition_id, voter) SELECT :edition, :voter FROM put
    ON CONFLICT DO NOTHING RETURNING 1),
logged AS (
    INSERT INTO participatory_budget_log_waiting (edition_id, leaf) SELECT :edition, :leaf FROM put
    ON CONFLICT DO NOTHING),
dropped AS (
    DELETE FROM participatory_budget_draft
    WHERE edition_id = :edition AND voter = :voter AND EXISTS (SELECT FROM put)),
taken AS (
    INSERT INTO participatory_budget_person_key (edition_id, kind, key, voter)
    SELECT :edition, one.kind, one.key, :voter FROM entered
    CROSS JOIN unnest(CAST(:kinds AS text[]), CAST(:keys AS bytea[])) WITH ORDINALITY AS one (kind, key, place)
    ORDER BY one.place ON CONFLICT DO NOTHING RETURNING 1),
arrived AS (
    INSERT INTO participatory_budget_arrival (id, edition_id, hour, voters, channel, district, age, sex)
    SELECT :arrival, :edition, :hour, :voters, :channel, :home, :age, :sex FROM entered)
SELECT (SELECT count(*) FROM put) AS put, (SELECT count(*) FROM entered) AS entered,
       (SELECT count(*) FROM taken) AS taken
"""


def _written(put: str) -> Query[int, int, int]:
    # Who has voted is on no page for many, and turnout may be a minute old there: pages stay while everybody votes.
    statement = text(UNSEEN + _PUT_IN.format(put=put))
    return Query(statement.columns(put=Integer, entered=Integer, taken=Integer))


_FIRST = _written(
    """
    INSERT INTO participatory_budget_ballot (edition_id, slot, version, choices, district, channel, leaf)
    SELECT :edition, :slot, 1, :choices, :district, :channel, :leaf FROM known WHERE NOT known.already
    ON CONFLICT DO NOTHING RETURNING 1"""
)
_INSTEAD = _written(
    """
    UPDATE participatory_budget_ballot AS mine
    SET version = mine.version + 1, choices = :choices, district = :district, channel = :channel, leaf = :leaf
    FROM known WHERE mine.edition_id = :edition AND mine.slot = :slot AND mine.version = :seen
    AND mine.leaf <> :leaf AND NOT known.already RETURNING 1"""
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A ballot as it goes into the box."""

    slot: bytes
    choices: bytes
    district: str
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a ballot: whether it is in its slot, and whether its voter is new on the roll."""

    done: bool
    first: bool


def put_in(edition: Edition, voter: Voter, ballot: Filled, *, seen_version: int) -> Put:
    """Put a ballot into its slot, its voter on the roll with her keys, its leaf into the log; count her, drop her draft.

    Nothing is done where another version lies in the slot than the one seen, or where the leaf was ever given out.
    Raises VotedAlready when somebody else on the roll has one of her keys.
    """
    keys = in_order(keys_of(edition, voter))
    arrival = arrivals.arrival_of(edition, voter)
    given = {
        "edition": edition.id,
        "voter": voter.name,
        "slot": ballot.slot,
        "choices": ballot.choices,
        "district": ballot.district,
        "channel": str(voter.channel),
        "leaf": ballot.leaf,
        "kinds": [str(key.kind) for key in keys],
        "keys": [key.value for key in keys],
        "arrival": uuid4(),
        "hour": arrival["hour"],
        "voters": arrival["voters"],
        "home": arrival["district"],
        "age": arrival["age"],
        "sex": arrival["sex"],
    }
    (found,) = rows(_INSTEAD(**given, seen=seen_version) if seen_version else _FIRST(**given))
    if found.entered and found.taken < len(keys):
        claim(edition, voter.name, keys)
    return Put(done=bool(found.put), first=bool(found.entered))
