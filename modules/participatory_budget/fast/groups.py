"""The ballots of one contest for every rule that asks for them: as columns where it can, one by one where it must."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..rules.counting.counted import Group
from ..rules.counting.part import Part
from ..rules.counting.shares import share_out as one_by_one
from ..rules.equal_shares import Shares
from ..rules.ties import Contender
from .columns import Columns, Numbers, grouped, marks_of_each
from .shares import share_out


class Groups:
    """Equal ballots of a contest together; read when a rule first asks for them."""

    def __init__(self, read: Callable[[], Iterable[Columns]]) -> None:
        self._read = read
        self._found: tuple[Columns, Numbers] | None = None

    def columns(self) -> tuple[Columns, Numbers]:
        """Return the ballots as columns, and how many each stands for."""
        if self._found is None:
            self._found = grouped(self._read())
        return self._found

    def __call__(self) -> Iterator[Group]:
        """Return the marks of each ballot, and how many ballots have exactly these."""
        ballots, times = self.columns()
        yield from zip(marks_of_each(ballots), times.tolist(), strict=True)


def engine(part: Part, for_sale: Sequence[Contender]) -> Shares:
    """Share the money of an envelope out among the voters, with columns where ballots only name projects."""
    groups = part.counted.groups
    if not isinstance(groups, Groups):
        return one_by_one(part, for_sale)
    ballots, times = groups.columns()
    return (
        one_by_one(part, for_sale) if ballots.marks is not None else share_out(ballots, times, part, for_sale)
    )
