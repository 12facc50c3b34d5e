"""When people are told: rhythms, digests, quiet hours and further tries, as plain functions."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DIGEST_HOUR = 7
MONDAY = 0
MOST_TRIES = 14
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=4)


class Rhythm(StrEnum):
    """How often somebody is told about a topic through a channel."""

    OFF = "off"
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class State(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    """Leaves as soon as somebody takes it, not before its time."""
    GATHERED = "gathered"
    """Waits for the person's next digest."""
    IN_DIGEST = "in_digest"
    """Leaves with the digest that it was put into."""
    HANDED_OVER = "handed_over"
    FAILED = "failed"
    """Is tried again."""
    DEAD = "dead"
    """Is not tried again unless staff say so."""
    DROPPED = "dropped"
    """Was not sent: nobody wanted it any more."""


def next_daily(after: datetime, zone: ZoneInfo) -> datetime:
    """Return when the first daily digest after an instant is made: in the morning of the city, whatever its clocks do."""
    day = after.astimezone(zone).date()
    return next(at for at in (_morning(day + timedelta(days=n), zone) for n in range(3)) if at > after)


def next_weekly(after: datetime, zone: ZoneInfo) -> datetime:
    """Return when the first weekly digest after an instant is made: on a Monday."""
    day = after.astimezone(zone).date()
    monday = day - timedelta(days=(day.weekday() - MONDAY) % 7)
    return next(at for at in (_morning(monday + timedelta(weeks=n), zone) for n in range(3)) if at > after)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(DIGEST_HOUR), zone).astimezone(UTC)


def quiet_until(moment: datetime, zone: ZoneInfo, begins: int | None, ends: int | None) -> datetime | None:
    """Return when somebody's quiet hours end, None when it is not one of them; they may lie over midnight.

    `begins` and `ends` are hours of the city's day; without them, or when they are the same, no hour is quiet.
    """
    if begins is None or ends is None or begins == ends:
        return None
    here = moment.astimezone(zone)
    if (here.hour - begins) % 24 >= (ends - begins) % 24:
        return None
    days = (here.date() + timedelta(days=n) for n in range(2))
    found = (datetime.combine(day, time(ends), zone).astimezone(UTC) for day in days)
    # A quiet hour that the clocks repeat may end before it seems to have begun: then it is over.
    return next((at for at in found if at > moment), None)


def next_try(tries: int, moment: datetime, chance: float) -> datetime | None:
    """Return when a delivery that failed `tries` times is tried again, None when it is given up.

    The wait doubles up to four hours; `chance` (0 to 1) spreads what failed together over half as long again.
    """
    if tries >= MOST_TRIES:
        return None
    wait = min(FIRST_DELAY * int(2 ** (tries - 1)), LONGEST_DELAY)
    return moment + wait * (1 + chance / 2)
