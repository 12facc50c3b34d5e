"""Counting ballots: how many ballots name each project.

Pure counting, for approval and knapsack ballots alike: a project's votes are the number of ballots that
name it (pabulib.org/format, `vote_type: approval`). Order of ballots, of choices, and of the parts that a
count was cut into make no difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """The votes of every project so far, those with none included; can be stored and gone on with."""

    votes: dict[int, int] = field(default_factory=dict)
    ballots: int = 0
    blank: int = 0
    """Ballots that name no project; they are part of `ballots`."""

    @classmethod
    def of(cls, projects: Iterable[int]) -> "Tally":
        """Return an empty tally for the projects with these numbers."""
        return cls(dict.fromkeys(projects, 0))

    def add(self, choices: Sequence[int], times: int = 1) -> None:
        """Count a ballot, or several with the same choices.

        A ballot with an unknown project, or one twice, is a ValueError and changes nothing: what was
        stored is not what was checked when it was cast.
        """
        distinct = set(choices)
        if len(distinct) != len(choices):
            raise ValueError(f"a project is named twice: {list(choices)}")
        if not distinct <= self.votes.keys():
            raise ValueError(f"no such project: {sorted(distinct - self.votes.keys())}")
        for number in choices:
            self.votes[number] += times
        self.ballots += times
        self.blank += 0 if choices else times

    def merge(self, other: "Tally") -> None:
        """Add the count of another part of the same ballots."""
        if self.votes.keys() != other.votes.keys():
            raise ValueError("tallies of different ballot papers cannot be merged")
        for number, votes in other.votes.items():
            self.votes[number] += votes
        self.ballots += other.ballots
        self.blank += other.blank


def count(ballots: Iterable[Sequence[int]], projects: Iterable[int]) -> Tally:
    """Return the tally of all ballots over the projects with these numbers."""
    tally = Tally.of(projects)
    for choices in ballots:
        tally.add(choices)
    return tally
