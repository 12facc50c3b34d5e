"""The ballots file of a contest from columns: the bytes that `rules.pabulib.writer` would write."""

from collections.abc import Iterable, Sequence

from ..rules.ballots import BallotType
from ..rules.pabulib.marks import anonymous_marks
from ..rules.pabulib.parts import PbHeader
from ..rules.pabulib.writer import Writable, write, write_head
from .columns import Columns, marks_of_each
from .lines import Lines, can_be_joined


def write_columns(
    stream: Writable,
    header: PbHeader,
    kind: BallotType,
    pages: Iterable[Columns],
    numbers: Sequence[int],
    *,
    minor_digits: int,
) -> None:
    """Write header and ballots; `numbers` are what the ballots call the projects of the header.

    A ValueError means that there are not as many ballots as announced, a LookupError that one names a stranger.
    """
    ids = [project.id for project in header.projects]
    if not can_be_joined(ids):
        marks = (one for page in pages for one in marks_of_each(page))
        write(stream, header, anonymous_marks(kind, marks, numbers), minor_digits=minor_digits)
        return
    write_head(stream, header, minor_digits=minor_digits)
    lines, written = Lines(list(zip(numbers, ids, strict=True))), 0
    for page in pages:
        stream.write(lines.of(page, first=written + 1, with_marks=header.vote_type.has_points))
        written += page.ballots
    if written != header.num_votes:
        raise ValueError(f"{header.num_votes} ballots announced, {written} written")
