"""The section VOTES: the ballots, checked one by one against the header."""

from collections.abc import Iterator
from decimal import Decimal

from .errors import PbCode
from .meta import Meta
from .numbers import points
from .parts import PbBallot, VoteType
from .projects import Projects
from .rows import Row, Rows
from .sections import VOTES, Section


class Ballots:
    """Reads the ballots and keeps of them only the votes of each project and the voters' names."""

    def __init__(self, rows: Rows, meta: Meta, projects: Projects, *, allow_repeats: bool) -> None:
        columns = ("voter_id", "vote", "points") if meta.vote_type.has_points else ("voter_id", "vote")
        self._section = Section(rows, VOTES, columns)
        self._meta = meta
        self._projects = projects
        self._allow_repeats = allow_repeats
        self._voters = _Voters()
        self._voter_at, self._vote_at = self._section.column("voter_id"), self._section.column("vote")
        self._points_at = self._section.column("points") if meta.vote_type.has_points else None
        self._fewest = meta.min_choices or 0
        self._most = 1 if meta.vote_type is VoteType.CHOOSE_1 else meta.max_choices

    def read(self) -> Iterator[PbBallot]:
        """Return the ballots; when there are no more, compare their number and votes with the header."""
        ballots, votes = 0, [0] * len(self._projects.numbers)
        for row in self._section:
            ballot = self._ballot(row)
            ballots += 1
            for number in ballot.choices:
                votes[number - 1] += 1
            yield ballot
        if ballots != self._meta.num_votes:
            code, declared = PbCode.NUM_VOTES_MISMATCH, self._meta.num_votes
            raise self._meta.error("num_votes", code, declared=declared, counted=ballots)
        self._projects.check_votes(votes)

    def _ballot(self, row: Row) -> PbBallot:
        voter = row.fields[self._voter_at]
        if not voter:
            raise row.error(self._voter_at, PbCode.EMPTY_ID)
        if not self._voters.add(voter):
            raise row.error(self._voter_at, PbCode.DUPLICATE_VOTER, voter=voter)
        choices = self._choices(row)
        return PbBallot(voter, choices, self._points(row, len(choices)), row.place(self._vote_at))

    def _choices(self, row: Row) -> tuple[int, ...]:
        text, numbers = row.fields[self._vote_at], self._projects.numbers
        choices: list[int] = []
        for project in text.split(",") if text else ():
            number = numbers.get(project.strip())
            if number is None:
                raise row.error(self._vote_at, PbCode.UNKNOWN_PROJECT, project=project.strip())
            if number in choices and not self._allow_repeats:
                raise row.error(self._vote_at, PbCode.REPEATED_PROJECT, project=project.strip())
            choices.append(number)
        found = len(choices)
        if found < self._fewest:
            raise row.error(self._vote_at, PbCode.TOO_FEW_CHOICES, limit=self._fewest, found=found)
        if self._most is not None and found > self._most:
            raise row.error(self._vote_at, PbCode.TOO_MANY_CHOICES, limit=self._most, found=found)
        return tuple(choices)

    def _points(self, row: Row, choices: int) -> tuple[Decimal, ...]:
        if self._points_at is None:
            return ()
        given = points(row, self._points_at)
        if len(given) != choices:
            raise row.error(self._points_at, PbCode.POINTS_MISMATCH, choices=choices, points=len(given))
        return given


class _Voters:
    """Who has voted; voters that are numbered 1, 2, 3, as in the files we write, take no memory."""

    def __init__(self) -> None:
        self._last = 0
        self._others: set[str] = set()

    def add(self, voter: str) -> bool:
        """Remember a voter; tell whether it is a new one."""
        if voter == str(self._last + 1) and voter not in self._others:
            self._last += 1
            return True
        if voter in self._others or self._is_numbered(voter):
            return False
        self._others.add(voter)
        return True

    def _is_numbered(self, voter: str) -> bool:
        digits = voter.isascii() and voter.isdigit() and voter[0] != "0" and len(voter) < 19
        return digits and int(voter) <= self._last
