"""Counting voters as they come, without a row that all of them wait for, and without a tie to the roll.

Each adds a row of its own beside her ballot; a task adds many of them up at once and deletes them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, text

from app.sdk import db, enqueue, now, proven_values, today

from ...models import Edition
from ...models.turnout import Arrival
from ...rules.phases import Stage
from ...rules.statistics.ages import age_class
from ...rules.statistics.small import LEAST
from ..voters import Voter

MOST_EDITIONS = 50
DISTRICT, BIRTH_DATE, SEX = "district", "birth_date", "sex"
_ADD_UP = text(
    """
WITH taken AS (
    DELETE FROM participatory_budget_arrival WHERE edition_id = :edition
    RETURNING hour, voters, channel, district, age, sex),
hours AS (
    INSERT INTO participatory_budget_turnout (edition_id, hour, voters)
    SELECT :edition, hour, sum(voters) FROM taken GROUP BY hour ORDER BY hour
    ON CONFLICT (edition_id, hour)
    DO UPDATE SET voters = participatory_budget_turnout.voters + excluded.voters)
INSERT INTO participatory_budget_turnout_share (edition_id, dimension, value, voters)
SELECT :edition, part.dimension, part.value, sum(taken.voters) FROM taken CROSS JOIN LATERAL (
    VALUES ('channel', taken.channel), ('district', taken.district), ('age', taken.age), ('sex', taken.sex)
) AS part (dimension, value)
GROUP BY part.dimension, part.value ORDER BY part.dimension, part.value
ON CONFLICT (edition_id, dimension, value)
DO UPDATE SET voters = participatory_budget_turnout_share.voters + excluded.voters
"""
)


def count(edition: Edition, voter: Voter, voters: int = 1) -> None:
    """Count somebody who has voted for the first time; -1 for one who has taken her vote back."""
    db.session.execute(insert(Arrival).values(arrival_of(edition, voter, voters)))


def arrival_of(edition: Edition, voter: Voter, voters: int = 1) -> dict[str, object]:
    """Return the row that counts somebody; its random id is for whoever writes it."""
    known = proven_values((DISTRICT, BIRTH_DATE, SEX), account=voter.account, statements=voter.statements)
    return {
        "edition_id": edition.id,
        "hour": hour_of(now()),
        "voters": voters,
        "channel": voter.channel,
        "district": known.get(DISTRICT, ""),
        "age": age_class(_age(known.get(BIRTH_DATE))),
        "sex": known.get(SEX, ""),
    }


def hour_of(moment: datetime) -> datetime:
    """Return the hour in which a moment lies."""
    return moment.replace(minute=0, second=0, microsecond=0)


def add_up(edition_id: UUID) -> None:
    """Add up what has come, whatever the number; for a vote that closes."""
    db.session.execute(_ADD_UP, {"edition": edition_id})


def add_up_due() -> bool:
    """Have those editions added up for which enough has come; tells whether something is left to look after."""
    waiting = select(Arrival.edition_id, func.count()).group_by(Arrival.edition_id).limit(MOST_EDITIONS)
    found = db.session.execute(waiting).all()
    for edition_id, number in found:
        # What changes at once is not about one person.
        if number >= LEAST:
            enqueue("participatory_budget.add_up", edition_id=str(edition_id))
    open_now = select(Edition.id).where(Edition.stage == Stage.READY).limit(1)
    return bool(found) or db.session.scalar(open_now) is not None


def _age(born: str | None) -> int | None:
    """Return somebody's age today by the day she was born; None where it cannot be told."""
    try:
        day = datetime.fromisoformat(born or "").date()
    except ValueError:
        return None
    on = today()
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))
