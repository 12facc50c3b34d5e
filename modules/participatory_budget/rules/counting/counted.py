"""What a count of one contest knows: votes, scores and grades, and the ballots for the rules that ask for them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..ballots import BallotRule, BallotType
from ..marks import Marks, decode_marks, encode_marks

Group = tuple[Marks, int]
"""The marks of a ballot, and how many ballots have exactly these."""


def _no_groups() -> Iterator[Group]:
    raise TypeError("this rule is decided by the ballots, and only their sums are known")


@dataclass(frozen=True, slots=True)
class Counted:
    """The sums of one contest over all its projects, those without votes included."""

    kind: BallotType
    ballots: int
    blank: int
    """Ballots that name no project; they are part of `ballots`."""
    votes: Mapping[int, int]
    """How many ballots name each project."""
    scores: Mapping[int, int]
    """What each project has in all: votes, or points; empty with grades."""
    grades: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """How often each project was given each grade, the lowest first; empty without grades."""
    groups: Callable[[], Iterator[Group]] = field(default=_no_groups, compare=False)
    """Gives the ballots, equal ones together, as often as it is called; TypeError where they were not kept."""
    places: int = 0
    """With a ranking: how many places it has."""

    @property
    def voters(self) -> int:
        """Return how many ballots name a project: those on which thresholds and medians are reckoned."""
        return self.ballots - self.blank


def count_marks(
    kind: BallotType,
    rule: BallotRule,
    groups: Iterable[Group],
    projects: Collection[int],
    *,
    keep: bool = True,
) -> Counted:
    """Count the ballots of one contest; a ballot with a project that does not stand in it is a ValueError.

    A project's score is its votes, with points their sum, and with a ranking one point for the last of the
    `max_choices` places, and one more for each place above. Without `keep` the ballots are forgotten.
    """
    sums = _Sums(kind, rule, projects)
    kept: Counter[bytes] = Counter()
    for marks, times in groups:
        sums.add(marks, times)
        if keep:
            kept[encode_marks(kind, marks)] += times
    stored = sorted(kept.items())

    def again() -> Iterator[Group]:
        return ((decode_marks(kind, one), times) for one, times in stored)

    return sums.counted(again if keep else _no_groups)


def counted_from(
    kind: BallotType,
    rule: BallotRule,
    marked: Mapping[int, Mapping[int, int]],
    projects: Collection[int],
    *,
    ballots: int,
    blank: int,
    groups: Callable[[], Iterator[Group]] = _no_groups,
) -> Counted:
    """Return the same of sums: how often each project was given each mark; a mark that cannot be is a ValueError."""
    sums = _Sums(kind, rule, projects)
    for number, given in marked.items():
        for mark, times in given.items():
            sums.add({number: mark}, times)
    sums.ballots, sums.blank = ballots, blank
    return sums.counted(groups)


def points_for(kind: BallotType, mark: int, places: int) -> int:
    """Return what one mark adds to a project's score; `places` is how many a ranking has."""
    match kind:
        case BallotType.POINTS:
            return mark
        case BallotType.RANKED:
            return places + 1 - mark
        case BallotType.JUDGEMENT:
            return 0
        case _:
            return 1


def places_of(rule: BallotRule, projects: Collection[int]) -> int:
    """Return how many places a ranking has."""
    return len(projects) if rule.max_choices is None else rule.max_choices


class _Sums:
    """The sums so far."""

    def __init__(self, kind: BallotType, rule: BallotRule, projects: Collection[int]) -> None:
        self.kind, self.places, self.grades = kind, places_of(rule, projects), len(rule.grades)
        self.highest = {BallotType.RANKED: self.places, BallotType.JUDGEMENT: self.grades}.get(kind)
        self.ballots = self.blank = 0
        self.votes = dict.fromkeys(projects, 0)
        self.by_mark: dict[int, Counter[int]] = {number: Counter() for number in self.votes}

    def add(self, marks: Marks, times: int) -> None:
        if not marks.keys() <= self.votes.keys():
            raise ValueError(f"no such project: {sorted(marks.keys() - self.votes.keys())}")
        for number, mark in marks.items():
            if mark < 1 or (self.highest is not None and mark > self.highest):
                raise ValueError(f"no such mark for project {number}: {mark}")
            self.by_mark[number][mark] += times
        self.ballots += times
        self.blank += 0 if marks else times

    def counted(self, groups: Callable[[], Iterator[Group]]) -> Counted:
        votes = {number: given.total() for number, given in self.by_mark.items()}
        scores, grades = {}, {}
        for number, given in self.by_mark.items():
            if self.kind is BallotType.JUDGEMENT:
                grades[number] = tuple(given[grade] for grade in range(1, self.grades + 1))
            else:
                scores[number] = sum(points_for(self.kind, m, self.places) * n for m, n in given.items())
        places = self.places if self.kind is BallotType.RANKED else 0
        return Counted(self.kind, self.ballots, self.blank, votes, scores, grades, groups, places)
