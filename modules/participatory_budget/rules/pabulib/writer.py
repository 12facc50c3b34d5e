"""Writing a `.pb` file: the same content always gives the same bytes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from .meta import TYPED as TYPED_KEYS
from .numbers import day_text, money_text
from .parts import PbBallot, PbHeader, PbProject
from .projects import TYPED as TYPED_COLUMNS
from .sections import META, PROJECTS, SECTIONS, VOTES


class Writable(Protocol):
    """A binary file open for writing."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


def write(stream: Writable, header: PbHeader, ballots: Iterable[PbBallot], *, minor_digits: int = 2) -> None:
    """Write header and ballots as UTF-8 with line feeds, quotation marks only where they are needed.

    A ValueError means that the parts cannot be written so that they are read back: an announced number of
    ballots that is not theirs, an id that holds a comma, a project that is not in the header.
    """
    write_head(stream, header, minor_digits=minor_digits)
    ids = [project.id for project in header.projects]
    written = 0
    for ballot in ballots:
        stream.write(_line(_ballot_row(ballot, ids, with_points=header.vote_type.has_points)))
        written += 1
    if written != header.num_votes:
        raise ValueError(f"{header.num_votes} ballots announced, {written} written")


def write_head(stream: Writable, header: PbHeader, *, minor_digits: int = 2) -> None:
    """Write all that stands before the ballots."""
    for row in _header_rows(header, minor_digits):
        stream.write(_line(row))


def anonymous(ballots: Iterable[Sequence[int]]) -> Iterator[PbBallot]:
    """Return ballots for publication, voters numbered in the given order.

    Give them sorted by their stored bytes: an order that says nothing of who voted when.
    """
    for number, choices in enumerate(ballots, start=1):
        yield PbBallot(str(number), tuple(choices))


def _header_rows(header: PbHeader, minor_digits: int) -> Iterator[Sequence[str]]:
    yield [META]
    yield ["key", "value"]
    yield from _meta_rows(header, minor_digits)
    yield [PROJECTS]
    yield from _project_rows(header.projects, minor_digits)
    yield [VOTES]
    yield ["voter_id", "vote", "points"] if header.vote_type.has_points else ["voter_id", "vote"]


def _meta_rows(header: PbHeader, minor_digits: int) -> Iterator[Sequence[str]]:
    typed = {
        "num_projects": str(len(header.projects)),
        "num_votes": str(header.num_votes),
        "budget": money_text(header.budget, minor_digits),
        "vote_type": header.vote_type.value,
        "date_begin": day_text(header.begins) if header.begins else None,
        "date_end": day_text(header.ends) if header.ends else None,
        "min_length": None if header.min_choices is None else str(header.min_choices),
        "max_length": None if header.max_choices is None else str(header.max_choices),
    }
    for key, value in header.meta.items():
        if key in TYPED_KEYS or key.upper() in SECTIONS or not key.strip():
            raise ValueError(f"not a key of its own: {key!r}")
        yield [key, value]
    for key, known in typed.items():
        if known is not None:
            yield [key, known]


def _project_rows(projects: Sequence[PbProject], minor_digits: int) -> Iterator[Sequence[str]]:
    rows = [_project_texts(project, minor_digits) for project in projects]
    always = ["project_id", "cost"]
    used = {column for row in rows for column, text in row.items() if text}
    extra = dict.fromkeys(column for project in projects for column in project.extra)
    columns = [*always, *(column for column in TYPED_COLUMNS[2:] if column in used), *extra]
    yield columns
    for row in rows:
        yield [row.get(column, "") for column in columns]


def _project_texts(project: PbProject, minor_digits: int) -> dict[str, str]:
    if not _is_id(project.id) or not set(project.extra).isdisjoint({*TYPED_COLUMNS, ""}):
        raise ValueError(f"cannot be written: {project}")
    return {
        "project_id": project.id,
        "cost": money_text(project.cost, minor_digits),
        "name": project.name,
        "category": project.category,
        "votes": "" if project.votes is None else str(project.votes),
        "selected": "" if project.selected is None else str(project.selected),
        **project.extra,
    }


def _ballot_row(ballot: PbBallot, ids: Sequence[str], *, with_points: bool) -> Sequence[str]:
    if not all(0 < number <= len(ids) for number in ballot.choices):
        raise ValueError(f"no such project: {ballot.choices}")
    vote = ",".join(ids[number - 1] for number in ballot.choices)
    if not with_points:
        return [ballot.voter, vote]
    return [ballot.voter, vote, ",".join(f"{amount:f}" for amount in ballot.points)]


def _is_id(text: str) -> bool:
    return bool(text) and text == text.strip() and "," not in text


def _line(fields: Sequence[str]) -> bytes:
    return (";".join(_field(text) for text in fields) + "\n").encode()


def _field(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text holds a zero character")
    if text != text.strip() or any(character in text for character in ';"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text
