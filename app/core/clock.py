"""The only source of time: instants are UTC, days are the city's."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.core.context import city_or_none


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """Return the time zone of the city being served; UTC on the platform's own site."""
    city = city_or_none()
    return ZoneInfo(city.time_zone if city else "UTC")


def local(instant: datetime) -> datetime:
    """Return the instant as the city's clocks show it."""
    return instant.astimezone(zone())


def today() -> date:
    """Return the city's calendar day."""
    return local(now()).date()


def from_local(wall: datetime) -> datetime:
    """Return the UTC instant of a wall-clock time in the city (PEP 495: the earlier one when there are two)."""
    return wall.replace(tzinfo=zone()).astimezone(UTC)
