"""The section PROJECTS: what stands on the ballot paper."""

from ..ballots import HIGHEST_NUMBER
from .errors import PbCode, PbError
from .numbers import money, optional_number
from .parts import PbProject
from .rows import Row, Rows
from .sections import PROJECTS, Section

TYPED = ("project_id", "cost", "name", "category", "votes", "selected")
"""Columns that have a field of their own in a project."""


class Projects:
    """The section as read, with the place of every declared number of votes."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._listed: list[PbProject] = []
        self._rows: list[tuple[int, int]] = []
        self._votes_at: list[tuple[int, int]] = []

    @property
    def projects(self) -> tuple[PbProject, ...]:
        """Return the projects in the order of the file."""
        return tuple(self._listed)

    def add(self, section: Section, row: Row, minor_digits: int) -> None:
        """Read one more project."""
        id_at, votes_at = section.column("project_id"), section.optional("votes")
        project_id, number = row.fields[id_at], len(self._listed) + 1
        if not project_id:
            raise row.error(id_at, PbCode.EMPTY_ID)
        if first := self.numbers.get(project_id):
            line = self._rows[first - 1][0]
            raise row.error(id_at, PbCode.DUPLICATE_PROJECT, project=project_id, line=line)
        if number > HIGHEST_NUMBER:
            raise row.error(id_at, PbCode.TOO_MANY_PROJECTS, limit=HIGHEST_NUMBER)
        self.numbers[project_id] = number
        self._rows.append(row.place(id_at))
        self._votes_at.append(row.place(id_at if votes_at is None else votes_at))
        self._listed.append(_project(section, row, number, minor_digits))

    def check_votes(self, counted: list[int]) -> None:
        """Compare the declared votes with those on the ballots."""
        for project, votes, place in zip(self._listed, counted, self._votes_at, strict=True):
            if project.votes is not None and project.votes != votes:
                numbers = {"declared": project.votes, "counted": votes}
                raise PbError(*place, PbCode.VOTES_MISMATCH, {"project": project.id, **numbers})


def read_projects(rows: Rows, minor_digits: int) -> Projects:
    """Read the section up to the title line of the next."""
    section = Section(rows, PROJECTS, ("project_id", "cost"))
    projects = Projects()
    for row in section:
        projects.add(section, row, minor_digits)
    return projects


def _project(section: Section, row: Row, number: int, minor_digits: int) -> PbProject:
    def text(column: str) -> str:
        index = section.optional(column)
        return "" if index is None else row.fields[index]

    return PbProject(
        id=text("project_id"),
        number=number,
        cost=money(row, section.column("cost"), minor_digits),
        name=text("name"),
        category=text("category"),
        votes=optional_number(row, section.optional("votes")),
        selected=optional_number(row, section.optional("selected")),
        extra={name: row.fields[index] for name, index in section.others(TYPED).items()},
    )
