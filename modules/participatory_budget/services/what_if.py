"""What other rules would have made of the ballots of a past vote, for staff who choose a rule before an opening.

Only ballots whose result is public, or that came with a published file, are counted so: under no rule does anybody
learn how a vote stands before its publication.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlalchemy import delete, func, or_, select

from app.sdk import Conflict, Invalid, NotFound, _, audit, db, enqueue, now

from ..fast.groups import Groups, engine
from ..models import Edition, Preview, Project, SealedBallot
from ..rules.ballots import BallotType
from ..rules.contests import CITYWIDE, ContestsBy
from ..rules.counting.counted import Counted, Group, count_marks
from ..rules.counting.optimum import TooManyTotals
from ..rules.counting.transfers import ContestCount, Settled, decide_all, in_flow
from ..rules.equal_shares import Completion
from ..rules.marks import decode_marks
from ..rules.outcomes import Method, Rule
from ..rules.phases import Stage
from ..rules.ties import Contender
from ..rules.winners import fits
from .editions import by_id
from .reading import contest_pages
from .rules_of import ballot_rule, contest_by_key, count_rule

OWN = "own"
"""The rule by which the vote was decided; it always stands beside the others."""
LAWS: Mapping[str, Mapping[str, object]] = {
    "skip": {"method": Method.GREEDY_SKIP},
    "stop": {"method": Method.GREEDY_STOP},
    "value": {"method": Method.VALUE},
    "shares": {"method": Method.EQUAL_SHARES, "completion": Completion.ADD1U},
    "phragmen": {"method": Method.PHRAGMEN},
    "optimum": {"method": Method.OPTIMUM},
}
"""Rules to compare with, as parts of a count's rule."""
SEED = "what if"
"""Draws the lots of a comparison; those of the vote itself stay its own."""
LARGEST = 300_000
"""Ballots; a comparison runs beside the work that residents wait for."""
MOST_KEPT = 20


@dataclass(frozen=True, slots=True)
class Column:
    """What one rule would have made of the ballots."""

    law: str
    winners: frozenset[int]
    spent: int
    served: int
    """Ballots of which at least one project wins."""
    refused: bool = False
    """Whether the rule cannot decide these ballots."""


@dataclass(frozen=True, slots=True)
class Line:
    """One project that wins under at least one of the rules."""

    project: Project
    wins: Sequence[bool]

    @property
    def differs(self) -> bool:
        """Tell whether the rules do not agree on it."""
        return len(set(self.wins)) > 1


def past_editions() -> Sequence[Edition]:
    """Return the editions whose ballots another rule may count: published ones, and imported ones."""
    known = or_(Edition.stage == Stage.RESULTS, Edition.imported)
    countable = Edition.ballot_type.in_([kind for kind in BallotType if laws_for(kind)])
    found = select(Edition).where(known, countable, Edition.sealed_at.is_not(None))
    return db.session.scalars(found.order_by(Edition.closes_at.desc().nulls_last()).limit(50)).all()


def laws_for(kind: BallotType) -> tuple[str, ...]:
    """Return the rules that can count ballots of a type."""
    return tuple(key for key, parts in LAWS.items() if fits(Method(str(parts["method"])), kind))


def ask(edition_id: UUID, laws: Sequence[str]) -> Preview:
    """Have a comparison computed; raises Conflict for a vote that is not public, Invalid where no rule fits."""
    edition = by_id(edition_id)
    _must_be_past(edition)
    chosen = [law for law in laws_for(edition.ballot_type) if law in laws]
    if not chosen:
        raise Invalid(_("Choose at least one rule that can count these ballots."))
    if _number_of_ballots(edition) > LARGEST:
        raise Conflict(_("This vote has too many ballots for a comparison."))
    preview = Preview(edition_id=edition.id, laws=chosen, asked_at=now())
    db.session.add(preview)
    db.session.flush()
    _forget_old(edition)
    enqueue("participatory_budget.what_if", preview_id=str(preview.id))
    audit("participatory_budget.rules_compared", subject=f"edition:{edition.id}", laws=", ".join(chosen))
    return preview


def preview(preview_id: UUID) -> Preview:
    """Return a comparison; raises NotFound."""
    found = db.session.get(Preview, preview_id)
    if found is None:
        raise NotFound(_("There is no such comparison."))
    return found


def compute(preview_id: UUID) -> None:
    """Compute a comparison; done before, or deleted meanwhile, it does nothing."""
    asked = db.session.get(Preview, preview_id, with_for_update={"skip_locked": True})
    if asked is None or asked.found is not None:
        return
    edition = by_id(asked.edition_id)
    if not _is_past(edition):
        db.session.delete(asked)
        return
    ballots = _Ballots(edition)
    asked.found = [ballots.under(law) for law in (OWN, *asked.laws)]
    asked.finished_at = now()


def columns(asked: Preview) -> Sequence[Column]:
    """Return what a finished comparison found, the rule of the vote itself first."""
    return [_column(values) for values in asked.found or ()]


def lines(asked: Preview) -> Sequence[Line]:
    """Return the projects that win under any of the rules, those on which the rules differ first."""
    found = columns(asked)
    winners = {number for column in found for number in column.winners}
    mine = select(Project).where(Project.edition_id == asked.edition_id, Project.number.in_(winners))
    listed = [
        Line(project, [project.number in column.winners for column in found])
        for project in db.session.scalars(mine.order_by(Project.number))
    ]
    return sorted(listed, key=lambda line: not line.differs)


class _Ballots:
    """The sealed ballots of a past vote, to be decided under one rule after another."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._projects = db.session.scalars(
            select(Project).where(Project.edition_id == edition.id).order_by(Project.number)
        ).all()
        self._counted = {key: self._count(key) for key in self._keys()}

    def under(self, law: str) -> dict[str, object]:
        """Return what a rule makes of them, as it is stored."""
        try:
            settled = decide_all([self._contest(key, law) for key in self._counted], seed=SEED, engine=engine)
        except TooManyTotals:
            return {"law": law, "refused": True}
        winners = {one.key: frozenset(one.decision.funded) for one in settled}
        return {
            "law": law,
            "winners": sorted(number for funded in winners.values() for number in funded),
            "spent": _spent(settled),
            "served": sum(_served(self._counted[key], funded) for key, funded in winners.items()),
        }

    def _keys(self) -> tuple[str, ...]:
        if self._edition.contests_by is ContestsBy.ONE:
            return (CITYWIDE,)
        return in_flow({contest.key: contest.transfer_to for contest in self._edition.contests})

    def _mine(self, key: str) -> list[Project]:
        one = self._edition.contests_by is ContestsBy.ONE
        return [project for project in self._projects if one or project.district == key]

    def _count(self, key: str) -> Counted:
        kind, numbers = self._edition.ballot_type, [project.number for project in self._mine(key)]
        rule = ballot_rule(self._edition, key)
        counted = count_marks(kind, rule, self._groups(key), numbers, keep=False)
        return replace(counted, groups=Groups(partial(contest_pages, self._edition.id, key, kind)))

    def _groups(self, key: str) -> Iterator[Group]:
        grouped = select(SealedBallot.choices, func.count()).where(
            SealedBallot.edition_id == self._edition.id, SealedBallot.contest == key
        )
        for row in db.session.execute(grouped.group_by(SealedBallot.choices)):
            yield decode_marks(self._edition.ballot_type, row[0]), row[1]

    def _contest(self, key: str, law: str) -> ContestCount:
        contest = contest_by_key(self._edition, key)
        rule = _under(count_rule(self._edition, key), law)
        contenders = [
            Contender(one.number, one.cost, one.category if rule.envelopes else "") for one in self._mine(key)
        ]
        out = {one.number: "-" for one in self._mine(key) if one.excluded}
        return ContestCount(
            key, self._counted[key], contenders, rule, out, contest.transfer_to if contest else None
        )


def _under(rule: Rule, law: str) -> Rule:
    """Return the rule of the vote with another method; money, thresholds and order among equals stay."""
    if law == OWN:
        return rule
    parts = LAWS[law]
    return replace(
        rule,
        method=Method(str(parts["method"])),
        completion=Completion(str(parts.get("completion", rule.completion))),
        comparison=False,
        stop_tolerance=None,
    )


def _spent(settled: Sequence[Settled]) -> int:
    return sum(spending.spent for one in settled for spending in one.decision.spending)


def _served(counted: Counted, winners: frozenset[int]) -> int:
    """Return how many ballots name a winner, with grades how many give one more than the lowest."""
    least = 2 if counted.kind is BallotType.JUDGEMENT else 1
    return sum(
        times
        for marks, times in counted.groups()
        if any(mark >= least and number in winners for number, mark in marks.items())
    )


def _column(values: Mapping[str, object]) -> Column:
    winners, spent, served = values.get("winners", ()), values.get("spent", 0), values.get("served", 0)
    return Column(
        str(values["law"]),
        frozenset(number for number in winners if isinstance(number, int))
        if isinstance(winners, list)
        else frozenset(),
        spent if isinstance(spent, int) else 0,
        served if isinstance(served, int) else 0,
        bool(values.get("refused")),
    )


def _is_past(edition: Edition) -> bool:
    return edition.sealed_at is not None and (edition.stage is Stage.RESULTS or edition.imported)


def _must_be_past(edition: Edition) -> None:
    if not _is_past(edition):
        raise Conflict(_("Only votes whose result is public can be compared under other rules."))


def _number_of_ballots(edition: Edition) -> int:
    mine = select(func.count()).select_from(SealedBallot).where(SealedBallot.edition_id == edition.id)
    return db.session.scalar(mine) or 0


def _forget_old(edition: Edition) -> None:
    """Keep the newest comparisons of an edition."""
    mine = select(Preview.id).where(Preview.edition_id == edition.id)
    kept = mine.order_by(Preview.asked_at.desc(), Preview.id.desc()).limit(MOST_KEPT)
    db.session.execute(delete(Preview).where(Preview.edition_id == edition.id, Preview.id.not_in(kept)))
