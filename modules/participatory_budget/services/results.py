"""What everybody sees of a counted vote once the city has published it; before, nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.sdk import NotFound, _, db, ngettext, number, picked

from ..models import Count, Edition, Project, SealedReceipt
from ..rules.contests import ContestsBy
from ..rules.outcomes import Outcome, ReasonCode, Spending
from ..rules.phases import Stage
from ..rules.protocol import Lot, Protocol
from ..rules.ties import Tie
from . import counting
from .explaining import tie_sentence
from .projects import projects
from .publishing import protocol_of, protocols_of
from .reasons import reason_text
from .scales import Scale
from .wording import category_name


@dataclass(frozen=True, slots=True)
class Row:
    """A project with what the count says about it."""

    project: Project
    outcome: Outcome

    @property
    def reason(self) -> str:
        """Return in a sentence why it won or not."""
        reason, out = self.outcome.reason, self.project.excluded
        if reason.code is ReasonCode.EXCLUDED and out:
            return _("Taken out of the count: %(reason)s", reason=picked(out))
        return reason_text(reason, self.project.edition)

    @property
    def official(self) -> bool | None:
        """Return whether the city's own list has it as funded; None when there is no such list."""
        selected = self.project.official_selected
        return None if selected is None else bool(selected)

    @property
    def differs(self) -> bool:
        """Tell whether the city's own list says something else."""
        return self.official is not None and self.official is not self.outcome.funded


@dataclass(frozen=True, slots=True)
class Part:
    """The projects that competed for the same money, most votes first; the key is empty for the one budget."""

    contest: str
    key: str
    name: str
    rows: Sequence[Row]
    spending: Spending
    scale: Scale

    @property
    def strongest(self) -> int:
        """Return the votes or points of the project that has most."""
        return max((self.scale.strength(row.outcome) for row in self.rows), default=0)

    @property
    def funded(self) -> int:
        """Return how many projects get their money."""
        return sum(row.outcome.funded for row in self.rows)

    @property
    def line_after(self) -> int:
        """Return the place after which nobody gets money any more; 0 when nobody does."""
        return max((place for place, row in enumerate(self.rows, start=1) if row.outcome.funded), default=0)


@dataclass(frozen=True, slots=True)
class Files:
    """The two files that a contest can be checked with, by their digests."""

    contest: str
    name: str
    ballots: int
    blank: int
    ballots_sha256: str
    protocol_sha256: str


@dataclass(frozen=True, slots=True)
class Results:
    """A published result; the digests are those of the two files it can be checked with."""

    protocol: Protocol
    voters: int
    """Whose ballots were counted, in whatever contests."""
    parts: Sequence[Part]
    ties: Sequence[str]
    ballots_sha256: str
    protocol_sha256: str
    files: Sequence[Files]
    """Those of every contest, as they were decided."""

    @property
    def rows(self) -> list[Row]:
        """Return all projects, part by part."""
        return [row for part in self.parts for row in part.rows]

    def parts_of(self, contest: str) -> Sequence[Part]:
        """Return the parts of one contest; raises NotFound for one that was not counted."""
        found = [part for part in self.parts if part.contest == contest]
        if not found:
            raise NotFound(_("There is no such contest."))
        return found

    @property
    def lot(self) -> Lot | None:
        """Return the seed that put equals in order; all contests have the same."""
        return self.protocol.lot

    @property
    def funded(self) -> int:
        """Return how many projects get their money."""
        return sum(part.funded for part in self.parts)

    @property
    def spent(self) -> int:
        """Return how much money is handed out."""
        return sum(part.spending.spent for part in self.parts)

    @property
    def money(self) -> int:
        """Return how much money there was."""
        return sum(part.spending.money for part in self.parts)

    @property
    def has_official_list(self) -> bool:
        """Tell whether the city's own list of funded projects is known."""
        return any(row.official is not None for row in self.rows)

    @property
    def differences(self) -> list[Row]:
        """Return the projects of which the city's own list says something else."""
        return [row for row in self.rows if row.differs]


def published_count(edition: Edition) -> Count:
    """Return the count whose result everybody may see; raises NotFound as long as there is none."""
    if edition.stage is not Stage.RESULTS:
        raise NotFound(_("The result of this vote has not been published."))
    return counting.finished(edition)


def published_contest(edition: Edition, contest: str | None) -> tuple[str, Protocol]:
    """Return the protocol of a contest, as text and read; without one that of the whole city. Raises NotFound."""
    count = published_count(edition)
    if contest is None:
        return count.protocol or "{}", protocol_of(count)
    found = next((one for one in protocols_of(count) if one[1].contest == contest), None)
    if found is None:
        raise NotFound(_("There is no such contest."))
    return found


def published(edition: Edition) -> Results:
    """Return the result in the reader's language; raises NotFound as long as it is not published."""
    return _read(edition, published_count(edition))


def drafted(edition: Edition) -> Results:
    """Return the newest counted result for staff, published or not; raises NotFound while there is none."""
    return _read(edition, counting.finished(edition))


def _read(edition: Edition, count: Count) -> Results:
    known = {project.number: project for project in projects(edition)}
    counted = protocols_of(count)
    rows = {
        entry.number: Row(known[entry.number], entry.outcome)
        for _text, protocol in counted
        for entry in protocol.projects
    }
    main = protocol_of(count)
    return Results(
        protocol=main,
        voters=main.ballots if len(counted) == 1 else _voters(edition),
        parts=[
            _part(edition, one, protocol, rows) for _text, protocol in counted for one in protocol.spending
        ],
        ties=[_tie(edition, tie, known) for _text, protocol in counted for tie in protocol.ties],
        ballots_sha256=count.ballots_sha256 or "",
        protocol_sha256=hashlib.sha256((count.protocol or "").encode()).hexdigest(),
        files=[_files(text, protocol) for text, protocol in counted],
    )


def _voters(edition: Edition) -> int:
    """Return how many voted: what one of them said in two contests are two ballots with one receipt."""
    mine = select(func.count()).select_from(SealedReceipt).where(SealedReceipt.edition_id == edition.id)
    return db.session.scalar(mine) or 0


def _files(text: str, protocol: Protocol) -> Files:
    return Files(
        contest=protocol.contest,
        name=protocol.contest_name or _("Whole city"),
        ballots=protocol.ballots,
        blank=protocol.blank,
        ballots_sha256=protocol.ballots_sha256,
        protocol_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _part(edition: Edition, spending: Spending, protocol: Protocol, rows: Mapping[int, Row]) -> Part:
    mine = [
        rows[entry.number]
        for entry in protocol.projects
        if not protocol.rule.envelopes or entry.category == spending.name
    ]
    last = len(rows) + 1
    mine.sort(key=lambda row: row.outcome.rank or last)
    names = [protocol.contest_name] if protocol.contest else []
    if edition.contests_by is ContestsBy.DISTRICT and not protocol.contest:
        names = [_("Whole city")]
    if protocol.rule.envelopes:
        names.append(category_name(edition, spending.name))
    name = ": ".join(names)
    voters = protocol.ballots - protocol.blank
    scale = Scale(protocol.ballot, protocol.rule.method, voters, edition.currency)
    return Part(protocol.contest, spending.name, name, mine, spending, scale)


def _tie(edition: Edition, tie: Tie, known: Mapping[int, Project]) -> str:
    titles = ", ".join(str(picked(known[number_].title)) for number_ in tie.projects)
    if tie.votes is None:
        return f"{titles}. {tie_sentence(tie.by)}"
    names = ngettext(
        "%(votes)s vote each: %(projects)s.",
        "%(votes)s votes each: %(projects)s.",
        tie.votes,
        votes=number(tie.votes),
        projects=titles,
    )
    return f"{names} {tie_sentence(tie.by)}"
