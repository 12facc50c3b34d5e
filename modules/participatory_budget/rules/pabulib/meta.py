"""The section META: keys and values."""

from datetime import date

from .errors import PbCode, PbError
from .numbers import day, money, whole_number
from .parts import VoteType
from .rows import Row, Rows
from .sections import META, Section

TYPED = (
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
)
"""Keys that have a field of their own in the header."""

_REQUIRED = ("num_projects", "num_votes", "budget", "vote_type")
_KEY, _VALUE = 0, 1


class Meta:
    """The section as read, with the place of every value for errors that are found later."""

    def __init__(self, rows: dict[str, Row], minor_digits: int) -> None:
        self._rows = rows
        self.num_projects = whole_number(rows["num_projects"], _VALUE)
        self.num_votes = whole_number(rows["num_votes"], _VALUE)
        self.budget = money(rows["budget"], _VALUE, minor_digits)
        self.vote_type = self._vote_type()
        self.begins = self._day("date_begin")
        self.ends = self._day("date_end", last=True)
        self.min_choices = self._number("min_length")
        self.max_choices = self._number("max_length")
        self.others = {key: row.fields[_VALUE] for key, row in rows.items() if key not in TYPED}

    def error(self, key: str, code: PbCode, **values: str | int) -> PbError:
        """Return an error about the value of a key."""
        return self._rows[key].error(_VALUE, code, **values)

    def _vote_type(self) -> VoteType:
        text = self._rows["vote_type"].fields[_VALUE].lower()
        try:
            return VoteType(text)
        except ValueError:
            raise self.error("vote_type", PbCode.UNKNOWN_VOTE_TYPE, text=text) from None

    def _number(self, key: str) -> int | None:
        row = self._rows.get(key)
        return whole_number(row, _VALUE) if row and row.fields[_VALUE] else None

    def _day(self, key: str, *, last: bool = False) -> date | None:
        row = self._rows.get(key)
        return day(row, _VALUE, last=last) if row and row.fields[_VALUE] else None


def read_meta(rows: Rows, minor_digits: int) -> Meta:
    """Read the section up to the title line of the next."""
    section = Section(rows, META, ("key", "value"))
    found: dict[str, Row] = {}
    for row in section:
        key = row.fields[_KEY]
        if key in found:
            raise row.error(_KEY, PbCode.DUPLICATE_KEY, key=key)
        found[key] = row
    for key in _REQUIRED:
        if key not in found and section.end:
            raise section.end.error(0, PbCode.MISSING_KEY, key=key)
    return Meta(found, minor_digits)
