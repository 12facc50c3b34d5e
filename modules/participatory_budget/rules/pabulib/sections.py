"""The three sections of a `.pb` file: where each begins and ends, and which columns it has."""

from collections.abc import Iterable, Iterator

from .errors import PbCode
from .rows import Row, Rows

META, PROJECTS, VOTES = SECTIONS = ("META", "PROJECTS", "VOTES")

_AFTER = {META: PROJECTS, PROJECTS: VOTES}


class Section:
    """The rows of one section, each as wide as the line of column names says."""

    def __init__(self, rows: Rows, name: str, required: Iterable[str]) -> None:
        self.name = name
        self._rows = rows
        self._next = _AFTER.get(name)
        header = next(rows, None)
        if header is None:
            raise rows.end(PbCode.MISSING_COLUMN, section=name, name=next(iter(required)))
        self._columns = _columns(header)
        for column in required:
            if column not in self._columns:
                raise header.error(len(header.fields), PbCode.MISSING_COLUMN, section=name, name=column)
        self.end: Row | None = None
        """The title line of the next section, once it is reached."""

    def column(self, name: str) -> int:
        """Return the place of a required column."""
        return self._columns[name]

    def optional(self, name: str) -> int | None:
        """Return the place of a column, if the file has it."""
        return self._columns.get(name)

    def others(self, known: Iterable[str]) -> dict[str, int]:
        """Return the columns that are not known, with their places."""
        return {name: place for name, place in self._columns.items() if name not in set(known)}

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            if self._next and (title := title_of(row)):
                if title != self._next:
                    raise row.error(0, PbCode.MISSING_SECTION, section=self._next)
                self.end = row
                return
            self._check_width(row)
            yield row
        if self._next:
            raise self._rows.end(PbCode.MISSING_SECTION, section=self._next)

    def _check_width(self, row: Row) -> None:
        width, found = len(self._columns), len(row.fields)
        if found < width:
            raise row.error(found, PbCode.TOO_FEW_FIELDS, expected=width, found=found)
        for index in range(width, found):
            if row.fields[index]:
                raise row.error(index, PbCode.TOO_MANY_FIELDS, expected=width, found=found)


def title_of(row: Row) -> str:
    """Return the section that a row begins, if it begins one; spreadsheets add empty fields to such rows."""
    title = row.fields[0].upper()
    return title if title in SECTIONS and not any(row.fields[1:]) else ""


def begin(rows: Rows) -> None:
    """Pass the title line of the first section."""
    row = next(rows, None)
    if row is None:
        raise rows.end(PbCode.MISSING_SECTION, section=META)
    if title_of(row) != META:
        raise row.error(0, PbCode.MISSING_SECTION, section=META)


def _columns(header: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, name in enumerate(_without_empty_tail(header.fields)):
        if name in columns:
            raise header.error(index, PbCode.DUPLICATE_COLUMN, name=name)
        columns[name] = index
    return columns


def _without_empty_tail(fields: list[str]) -> list[str]:
    width = len(fields)
    while width and not fields[width - 1]:
        width -= 1
    return fields[:width]
