"""What a city may use of something, and when people are told that little or nothing is left; pure rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# Shares of a quota in per cent at which administrators are told, and how far it must fall to be told again.
NEARLY, FULL, FORGET_BELOW = 80, 100, 10


class Resource(StrEnum):
    """Something of which each city may use so much."""

    STORAGE = "storage"
    """Database and files together, in megabytes."""
    MAILS = "mails"
    """Mails a day (UTC)."""
    ACCOUNTS = "accounts"
    REQUESTS = "requests"
    """Requests a minute."""


USUAL = {
    Resource.STORAGE: 20_000,
    Resource.MAILS: 50_000,
    Resource.ACCOUNTS: 500_000,
    Resource.REQUESTS: 6_000,
}


@dataclass(frozen=True, slots=True)
class Use:
    """What a city uses of a resource, and the most it may."""

    resource: Resource
    used: int
    most: int

    @property
    def percent(self) -> int:
        """Return how much of the quota is used, rounded down; 100 where nothing is allowed."""
        return self.used * 100 // self.most if self.most else FULL

    @property
    def level(self) -> int:
        """Return 100 when nothing is left, 80 when little is, else 0."""
        return next((share for share in (FULL, NEARLY) if self.percent >= share), 0)


def news(told: Mapping[str, int], uses: list[Use]) -> tuple[list[Use], dict[str, int]]:
    """Return what people have to be told now, and what they have been told then.

    Nobody is told twice while use goes up and down around a level.
    """
    fresh = [use for use in uses if use.level > told.get(use.resource, 0)]
    kept = {use.resource.value: _kept(told.get(use.resource, 0), use) for use in uses}
    return fresh, {name: level for name, level in kept.items() if level}


def _kept(told: int, use: Use) -> int:
    if use.level < told <= use.percent + FORGET_BELOW:
        return told
    return use.level
