"""What the projects of a counted contest are compared by, as readers see it: votes, points or grades."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.sdk import _, money, number

from ..rules.ballots import BallotRule, BallotType
from ..rules.counting.judgement import Judgement
from ..rules.outcomes import Method, Outcome, ReasonCode
from .wording import grade_name

FAINTEST = 0.15
"""How strongly the lowest grade is drawn; the highest is drawn in full."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How often a project was given a grade; `start` and `share` are parts of the whole bar."""

    name: str
    voters: int
    start: float
    share: float
    strength: float


@dataclass(frozen=True, slots=True)
class Scale:
    """How one contest was voted on and counted; `voters` are those whose ballots name a project."""

    ballot: BallotRule
    method: Method
    voters: int
    currency: str

    @property
    def is_judged(self) -> bool:
        """Tell whether projects have grades."""
        return self.ballot.type is BallotType.JUDGEMENT

    @property
    def has_points(self) -> bool:
        """Tell whether projects have points, which are more than their voters."""
        return self.ballot.type in (BallotType.POINTS, BallotType.RANKED)

    @property
    def heads(self) -> list[str]:
        """Return what the columns of numbers are, the one that decides first."""
        if self.is_judged:
            return [_("Majority grade")]
        found = [_("Points"), _("Voters")] if self.has_points else [_("Votes")]
        return [*found, _("Paid by one voter at most")] if self._has_prices else found

    @property
    def title(self) -> str:
        """Return what a table of the projects shows."""
        if self.is_judged:
            return _("Grades of the projects")
        return _("Points per project") if self.has_points else _("Votes per project")

    def cells(self, outcome: Outcome) -> list[str]:
        """Return the numbers of a project for these columns, as they are written."""
        if self.is_judged:
            return [self.majority_grade(outcome)]
        found = [number(self.strength(outcome))]
        if self.has_points:
            found.append(number(outcome.votes))
        if self._has_prices:
            price = outcome.reason.by if outcome.reason.code is ReasonCode.BOUGHT else None
            found.append("–" if price is None else money(price, self.currency))
        return found

    def strength(self, outcome: Outcome) -> int:
        """Return what the bar of a project is as long as: its points or votes."""
        return outcome.votes if outcome.score is None else outcome.score

    def majority_grade(self, outcome: Outcome) -> str:
        """Return the grade that half of the voters gave a project at least; those who gave none gave the lowest."""
        if not outcome.grades:
            return "–"
        judged = Judgement.of(outcome.grades, self.voters)
        return grade_name(self.ballot.grades[judged.majority_grade - 1])

    def grades(self, outcome: Outcome | None = None) -> Sequence[Grade]:
        """Return the grades of a project, the highest first; without one their names alone, for a legend."""
        names = [grade_name(key) for key in reversed(self.ballot.grades)]
        if outcome is not None and not outcome.grades:
            return []
        judged = Judgement.of(outcome.grades, self.voters).grades if outcome else (0,) * len(names)
        given = judged[::-1]
        shares = [voters / self.voters if self.voters else 0.0 for voters in given]
        step = (1 - FAINTEST) / max(len(names) - 1, 1)
        starts = [0.0, *accumulate(shares)]
        return [
            Grade(name, given[place], starts[place], shares[place], round(1 - place * step, 2))
            for place, name in enumerate(names)
        ]

    @property
    def _has_prices(self) -> bool:
        return self.method is Method.EQUAL_SHARES
