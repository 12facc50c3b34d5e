"""Counting again from the two published files alone, the ballots and the protocol.

Nothing but the Python that is installed is needed, no platform and no database; see `__main__`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from .ballots import ProblemCode
from .checks import check_marks
from .counting.counted import Counted, Group, count_marks
from .outcomes import Decision, Outcome
from .pabulib.errors import PbCode, PbError
from .pabulib.marks import marks_of, vote_type_of
from .pabulib.parts import PbFile, PbHeader, PbProject
from .pabulib.reader import read
from .pabulib.rows import LineSource
from .protocol import Entry, Protocol, read_protocol
from .ties import commitment
from .winners import asks_for_ballots, decide


class About(StrEnum):
    """What the recount and the protocol do not agree on."""

    FILE = "file"
    """The ballots file is not the one that was counted."""
    BALLOTS = "ballots"
    BLANK = "blank"
    LIMITS = "limits"
    """Ballots that break the limits of the ballot paper."""
    PROJECTS = "projects"
    """A project stands in one of the two files only."""
    BUDGET = "budget"
    COST = "cost"
    CATEGORY = "category"
    SELECTED = "selected"
    """The ballots file marks other projects as funded."""
    VOTES = "votes"
    RANK = "rank"
    FUNDED = "funded"
    REASON = "reason"
    TIED_WITH = "tied_with"
    SPENDING = "spending"
    TIES = "ties"
    SCORE = "score"
    GRADES = "grades"
    COMPARISONS = "comparisons"
    CHANNELS = "channels"
    """The ways in which ballots came in do not add up to all ballots."""
    VOTE_TYPE = "vote_type"
    LOT = "lot"
    """The seed is not the one that was promised before the vote."""
    RULE = "rule"
    """The rule cannot count these ballots."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value in which protocol and recount differ; the project is given by its id, if it is one's."""

    about: About
    project: str
    protocol: str
    recount: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a recount found."""

    ballots: int
    projects: int
    sha256: str
    """Digest of the ballots file that was read."""
    differences: tuple[Difference, ...] = ()
    error: PbError | None = None
    """Why the ballots file could not be read to its end."""

    @property
    def agrees(self) -> bool:
        """Tell whether the files prove the published result."""
        return not self.differences and self.error is None


def verify(pb_stream: LineSource, protocol: Mapping[str, object]) -> VerifyReport:
    """Count the ballots of an open file again and compare everything with the parsed protocol.

    A DocumentError means that the protocol itself is not one.
    """
    published = read_protocol(protocol)
    source = _Digesting(pb_stream)
    recount = _Recount(published)
    error: PbError | None = None
    try:
        recount.read(read(source, minor_digits=published.minor_digits))
    except PbError as found:
        error = found
    sha256 = source.finish()
    differences = [*_compare(About.FILE, published.ballots_sha256, sha256)]
    if error is None:
        differences += recount.differences()
    return VerifyReport(recount.ballots, len(published.projects), sha256, tuple(differences), error)


class _Digesting:
    """Passes lines on and digests them on the way."""

    def __init__(self, stream: LineSource) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def readline(self, size: int, /) -> bytes:
        line = self._stream.readline(size)
        self._digest.update(line)
        return line

    def finish(self) -> str:
        """Return the digest of the whole file, whatever of it has been read so far."""
        while self.readline(1 << 20):
            pass
        return self._digest.hexdigest()


class _Recount:
    """The ballots file counted by the rule of the protocol."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._entries = {entry.id: entry for entry in protocol.projects}
        self._header: PbHeader | None = None
        self._over_limits = 0
        self._counted: Counted | None = None

    @property
    def ballots(self) -> int:
        """Return how many ballots were counted."""
        return self._counted.ballots if self._counted else 0

    def read(self, file: PbFile) -> None:
        """Count the ballots, unless the two files speak of different projects or types of vote."""
        self._header, protocol = file.header, self._protocol
        if list(self._misfits(file.header)):
            return
        numbers = [self._entries[project.id].number for project in file.header.projects]
        self._counted = count_marks(
            protocol.ballot.type,
            protocol.ballot,
            self._groups(file, numbers),
            numbers,
            keep=asks_for_ballots(protocol.rule.method),
        )

    def _groups(self, file: PbFile, numbers: Sequence[int]) -> Iterator[Group]:
        paper = {option.number: option for option in self._protocol.options}
        limits = self._protocol.ballot
        for ballot in file.ballots:
            try:
                marks = marks_of(ballot, limits.type, numbers)
            except ValueError as error:
                raise PbError(*ballot.place, PbCode.NOT_A_NUMBER, {"text": str(error)}) from None
            wrong = check_marks(marks, paper, limits)
            self._over_limits += bool(wrong)
            if any(problem.code is ProblemCode.WRONG_MARK for problem in wrong):
                raise PbError(
                    *ballot.place, PbCode.NOT_A_NUMBER, {"text": ",".join(map(str, marks.values()))}
                )
            yield marks, 1

    def differences(self) -> Iterator[Difference]:
        """Return everything in which the recount differs from the protocol."""
        protocol, header, counted = self._protocol, self._header, self._counted
        if header is None:
            return
        yield from self._misfits(header)
        if counted is None:
            return
        yield from _compare(About.BALLOTS, protocol.ballots, counted.ballots)
        yield from _compare(About.BLANK, protocol.blank, counted.blank)
        yield from _compare(About.LIMITS, 0, self._over_limits)
        yield from _compare(About.BUDGET, protocol.counted_rule.budget, header.budget)
        if protocol.channels:
            yield from _compare(About.CHANNELS, sum(protocol.channels.values()), counted.ballots)
        for project in header.projects:
            yield from _compare_project(self._entries[project.id], project)
        yield from self._lot()
        try:
            yield from _compare_decision(protocol, self._decide(counted))
        except (ValueError, KeyError) as error:
            yield Difference(About.RULE, "", str(protocol.rule.method), str(error))

    def _decide(self, counted: Counted) -> Decision:
        protocol = self._protocol
        return decide(
            counted,
            protocol.contenders,
            protocol.counted_rule,
            excluded=protocol.excluded,
            seed=protocol.lot.seed if protocol.lot else None,
            won=protocol.won_before,
        )

    def _lot(self) -> Iterator[Difference]:
        lot = self._protocol.lot
        if lot:
            yield from _compare(About.LOT, lot.commitment, commitment(lot.seed))

    def _misfits(self, header: PbHeader) -> Iterator[Difference]:
        declared = vote_type_of(self._protocol.ballot)
        if declared is not header.vote_type and not (declared.is_counted and header.vote_type.is_counted):
            yield from _compare(About.VOTE_TYPE, declared, header.vote_type)
        listed = {project.id for project in header.projects}
        for name in [*self._entries, *sorted(listed - self._entries.keys())]:
            yield from _compare(About.PROJECTS, name in self._entries, name in listed, name)


def _compare_project(entry: Entry, project: PbProject) -> Iterator[Difference]:
    yield from _compare(About.COST, entry.cost, project.cost, entry.id)
    yield from _compare(About.CATEGORY, entry.category, project.category, entry.id)
    if project.selected is not None:
        yield from _compare(About.SELECTED, entry.outcome.funded, bool(project.selected), entry.id)


def _compare_decision(protocol: Protocol, decision: Decision) -> Iterator[Difference]:
    for entry, outcome in zip(protocol.projects, decision.outcomes, strict=True):
        for name in (field.name for field in fields(Outcome) if field.name != "project"):
            published: object = getattr(entry.outcome, name)
            found: object = getattr(outcome, name)
            yield from _compare(About(name), published, found, entry.id)
    yield from _compare(About.SPENDING, protocol.spending, decision.spending)
    yield from _compare(About.TIES, protocol.ties, decision.ties)
    yield from _compare(About.COMPARISONS, protocol.comparisons, decision.comparisons)


def _compare(about: About, published: object, found: object, project: str = "") -> Iterator[Difference]:
    if published != found:
        yield Difference(about, project, str(published), str(found))
