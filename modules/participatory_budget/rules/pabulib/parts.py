"""The parts of a `.pb` file: its header with the projects, and its ballots."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class VoteType(StrEnum):
    """How voters filled in their ballots; only approval and choose-1 are counted here."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"

    @property
    def has_points(self) -> bool:
        """Tell whether a ballot gives points to the projects it names."""
        return self in (VoteType.CUMULATIVE, VoteType.SCORING)

    @property
    def is_counted(self) -> bool:
        """Tell whether a project's votes are all that decides."""
        return self in (VoteType.APPROVAL, VoteType.CHOOSE_1)


@dataclass(frozen=True, slots=True)
class PbProject:
    """A project of the file; cost in minor units."""

    id: str
    number: int
    """Its place in the section, from 1: the number that ballots carry here, and the declared order."""
    cost: int
    name: str = ""
    category: str = ""
    votes: int | None = None
    selected: int | None = None
    """1 when it was funded, 0 when not; cities use 2 and 3 for money from elsewhere."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Every other column of the file."""


@dataclass(frozen=True, slots=True)
class PbHeader:
    """What a file says before its ballots; budget in minor units."""

    budget: int
    num_votes: int
    projects: tuple[PbProject, ...]
    vote_type: VoteType = VoteType.APPROVAL
    begins: date | None = None
    ends: date | None = None
    min_choices: int | None = None
    max_choices: int | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    """Every other key of META, such as country, unit, instance, rule and currency."""


@dataclass(frozen=True, slots=True)
class PbBallot:
    """One ballot, its choices as project numbers in the written order; what is known of the voter is left."""

    voter: str
    choices: tuple[int, ...]
    points: tuple[Decimal, ...] = ()
    place: tuple[int, int] = field(default=(0, 0), compare=False)
    """Line and column of its choices in the file."""


@dataclass(frozen=True, slots=True)
class PbFile:
    """An open file: the header is read, the ballots come one by one and only once."""

    header: PbHeader
    ballots: Iterator[PbBallot]
