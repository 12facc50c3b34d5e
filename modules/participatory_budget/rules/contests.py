"""The parts of a vote that are counted alone: one for the whole city, one for each district."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from .ballots import Option

CITYWIDE = ""
"""The key of the contest of the projects that are for the whole city."""


class ContestsBy(StrEnum):
    """How the projects of an edition are divided into contests."""

    ONE = "one"
    """Not at all: every voter chooses among all of them."""
    DISTRICT = "district"
    """By district: a voter chooses among those of one district and those of the whole city."""


def contest_of(option: Option, by: ContestsBy) -> str:
    """Return the key of the contest in which a project competes."""
    return option.district if by is ContestsBy.DISTRICT else CITYWIDE


def contests_on_ballot(by: ContestsBy, keys: Collection[str], district: str) -> tuple[str, ...]:
    """Return the contests that a voter of a district takes part in; ValueError for a district without one."""
    if by is ContestsBy.ONE:
        return (CITYWIDE,)
    if district and district not in keys:
        raise ValueError(f"no contest for the district {district!r}")
    return tuple(key for key in dict.fromkeys((district, CITYWIDE)) if key in keys)


def within(options: Iterable[Option], by: ContestsBy, contest: str) -> tuple[Option, ...]:
    """Return the projects that compete in a contest."""
    return tuple(option for option in options if contest_of(option, by) == contest)
