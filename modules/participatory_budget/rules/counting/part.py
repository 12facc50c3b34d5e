"""One envelope that is to be decided: who competes for its money, under which rule, and who cannot win."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..outcomes import Outcome, Reason, ReasonCode, Rule
from ..ties import Contender, TieOrder
from .counted import Counted
from .places import Places


@dataclass(frozen=True, slots=True)
class Part:
    """One envelope; contenders stand in the declared order."""

    envelope: str
    running: Sequence[Contender]
    money: int
    counted: Counted
    rule: Rule
    ties: TieOrder
    places: Places

    def score(self, number: int) -> int:
        """Return what a project has: votes or points, and with grades how many gave more than the lowest."""
        if self.counted.grades:
            return sum(self.counted.grades[number][1:])
        return self.counted.scores[number]

    def why_barred(self, number: int) -> Reason | None:
        """Return why a project cannot win, whatever money there is: too few chose it."""
        score, votes = self.score(number), self.counted.votes[number]
        if score < 1:
            return Reason(ReasonCode.NO_VOTES)
        missing = max(self.rule.min_votes - score, self._least_share() - votes)
        return Reason(ReasonCode.BELOW_THRESHOLD, by=missing) if missing > 0 else None

    def why_shut_out(self, number: int) -> Reason | None:
        """Return why a project can no longer win beside the winners so far."""
        rival = self.places.rival_of(number)
        if rival is not None:
            return Reason(ReasonCode.RIVAL_WON, other=rival)
        return Reason(ReasonCode.ENOUGH_WINNERS, by=self.rule.max_winners) if self.places.full else None

    def eligible(self) -> list[Contender]:
        """Return the contenders that enough voters chose."""
        return [one for one in self.running if self.why_barred(one.number) is None]

    def by_score(self) -> list[Contender]:
        """Return all contenders with the highest score first, equals in the tie order."""
        return sorted(self.running, key=lambda one: (-self.score(one.number), self.ties[one.number]))

    def outcome(self, number: int, rank: int | None, reason: Reason, *, funded: bool) -> Outcome:
        """Return what is said of a project."""
        return outcome_of(self.counted, number, rank, reason, funded=funded)

    def _least_share(self) -> int:
        """Return the votes that make the share a project needs, rounded up."""
        return -(-(self.rule.min_share or 0) * self.counted.voters // 1000)


def outcome_of(
    counted: Counted, number: int, rank: int | None, reason: Reason, *, funded: bool = False
) -> Outcome:
    """Return what is said of a project, with its sums."""
    return Outcome(
        project=number,
        votes=counted.votes[number],
        rank=rank,
        funded=funded,
        reason=reason,
        score=counted.scores.get(number),
        grades=counted.grades.get(number, ()),
    )
