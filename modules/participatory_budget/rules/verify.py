"""Counting again from the two published files alone, the ballots and the protocol.

Nothing but the Python that is installed is needed, no platform and no database; see `__main__`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from .ballots import check_choices
from .outcomes import Decision, Method, Outcome
from .pabulib.errors import PbError
from .pabulib.parts import PbFile, PbHeader, PbProject
from .pabulib.reader import read
from .pabulib.rows import LineSource
from .protocol import Entry, Protocol, read_protocol
from .tally import Tally
from .winners import decide


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
    number = recount.tally.ballots
    return VerifyReport(number, len(published.projects), sha256, tuple(differences), error)


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
        self._ballots: list[list[int]] = []
        self.tally = Tally.of(entry.number for entry in protocol.projects)

    def read(self, file: PbFile) -> None:
        """Count the ballots, unless the two files speak of different projects."""
        self._header = file.header
        if list(self._strangers(file.header)):
            return
        numbers = [self._entries[project.id].number for project in file.header.projects]
        paper = {option.number: option for option in self._protocol.options}
        for ballot in file.ballots:
            choices = [numbers[number - 1] for number in ballot.choices]
            self._over_limits += bool(check_choices(choices, paper, self._protocol.ballot))
            self.tally.add(choices)
            if self._protocol.rule.method is Method.EQUAL_SHARES:
                self._ballots.append(choices)

    def differences(self) -> Iterator[Difference]:
        """Return everything in which the recount differs from the protocol."""
        protocol, header = self._protocol, self._header
        if header is None:
            return
        strangers = list(self._strangers(header))
        if strangers:
            yield from strangers
            return
        yield from _compare(About.BALLOTS, protocol.ballots, self.tally.ballots)
        yield from _compare(About.BLANK, protocol.blank, self.tally.blank)
        yield from _compare(About.LIMITS, 0, self._over_limits)
        yield from _compare(About.BUDGET, protocol.rule.budget, header.budget)
        decision = decide(
            self.tally.votes,
            protocol.contenders,
            protocol.rule,
            excluded=protocol.excluded,
            ballots=lambda: self._ballots,
        )
        for project in header.projects:
            yield from _compare_project(self._entries[project.id], project)
        yield from _compare_decision(protocol, decision)

    def _strangers(self, header: PbHeader) -> Iterator[Difference]:
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


def _compare(about: About, published: object, found: object, project: str = "") -> Iterator[Difference]:
    if published != found:
        yield Difference(about, project, str(published), str(found))
