"""What can be wrong with a `.pb` file, and where."""

from collections.abc import Mapping
from enum import StrEnum


class PbCode(StrEnum):
    """The kind of error; the names in brackets are the values that come with it."""

    BAD_ENCODING = "bad-encoding"
    """Not UTF-8, or a zero character (byte)."""
    LINE_TOO_LONG = "line-too-long"
    """(limit)"""
    UNCLOSED_QUOTE = "unclosed-quote"
    TEXT_AFTER_QUOTE = "text-after-quote"
    MISSING_SECTION = "missing-section"
    """(section)"""
    MISSING_COLUMN = "missing-column"
    """(section, name)"""
    DUPLICATE_COLUMN = "duplicate-column"
    """(name)"""
    TOO_FEW_FIELDS = "too-few-fields"
    """(expected, found)"""
    TOO_MANY_FIELDS = "too-many-fields"
    """(expected, found)"""
    MISSING_KEY = "missing-key"
    """(key)"""
    DUPLICATE_KEY = "duplicate-key"
    """(key)"""
    UNKNOWN_VOTE_TYPE = "unknown-vote-type"
    """(text)"""
    NOT_A_NUMBER = "not-a-number"
    """(text)"""
    NEGATIVE_COST = "negative-cost"
    """(text)"""
    TOO_PRECISE = "too-precise"
    """(text, digits)"""
    NOT_A_DATE = "not-a-date"
    """(text)"""
    EMPTY_ID = "empty-id"
    DUPLICATE_PROJECT = "duplicate-project"
    """(project, line)"""
    TOO_MANY_PROJECTS = "too-many-projects"
    """(limit)"""
    NUM_PROJECTS_MISMATCH = "num-projects-mismatch"
    """(declared, counted)"""
    DUPLICATE_VOTER = "duplicate-voter"
    """(voter)"""
    UNKNOWN_PROJECT = "unknown-project"
    """(project)"""
    REPEATED_PROJECT = "repeated-project"
    """(project)"""
    TOO_FEW_CHOICES = "too-few-choices"
    """(limit, found)"""
    TOO_MANY_CHOICES = "too-many-choices"
    """(limit, found)"""
    POINTS_MISMATCH = "points-mismatch"
    """(choices, points)"""
    NUM_VOTES_MISMATCH = "num-votes-mismatch"
    """(declared, counted)"""
    VOTES_MISMATCH = "votes-mismatch"
    """(project, declared, counted)"""


def N_(message: str) -> str:  # noqa: N802  the name by which catalogs find messages
    """Mark a message for translation; it is translated where it is shown."""
    return message


_MESSAGES = {
    PbCode.BAD_ENCODING: N_("The file is not UTF-8 text."),
    PbCode.LINE_TOO_LONG: N_("A row is longer than %(limit)s bytes."),
    PbCode.UNCLOSED_QUOTE: N_("A quotation mark is opened here and never closed."),
    PbCode.TEXT_AFTER_QUOTE: N_("There is text after a closing quotation mark."),
    PbCode.MISSING_SECTION: N_("The section %(section)s is missing."),
    PbCode.MISSING_COLUMN: N_("The section %(section)s has no column %(name)s."),
    PbCode.DUPLICATE_COLUMN: N_("The column %(name)s is there twice."),
    PbCode.TOO_FEW_FIELDS: N_("The row has %(found)s fields instead of %(expected)s."),
    PbCode.TOO_MANY_FIELDS: N_("The row has %(found)s fields instead of %(expected)s."),
    PbCode.MISSING_KEY: N_("The section META does not give %(key)s."),
    PbCode.DUPLICATE_KEY: N_("The section META gives %(key)s twice."),
    PbCode.UNKNOWN_VOTE_TYPE: N_("There is no type of vote called “%(text)s”."),
    PbCode.NOT_A_NUMBER: N_("“%(text)s” is not a number."),
    PbCode.NEGATIVE_COST: N_("An amount of money cannot be below zero: %(text)s."),
    PbCode.TOO_PRECISE: N_("%(text)s has more than %(digits)s decimals."),
    PbCode.NOT_A_DATE: N_("“%(text)s” is not a date such as 31.12.2026."),
    PbCode.EMPTY_ID: N_("The number of a project or voter is missing."),
    PbCode.DUPLICATE_PROJECT: N_("Project %(project)s was already in line %(line)s."),
    PbCode.TOO_MANY_PROJECTS: N_("There are more than %(limit)s projects."),
    PbCode.NUM_PROJECTS_MISMATCH: N_("META announces %(declared)s projects, the file has %(counted)s."),
    PbCode.DUPLICATE_VOTER: N_("Voter %(voter)s has voted before."),
    PbCode.UNKNOWN_PROJECT: N_("There is no project %(project)s."),
    PbCode.REPEATED_PROJECT: N_("The ballot names project %(project)s more than once."),
    PbCode.TOO_FEW_CHOICES: N_("The ballot names %(found)s projects, at least %(limit)s are needed."),
    PbCode.TOO_MANY_CHOICES: N_("The ballot names %(found)s projects, at most %(limit)s are allowed."),
    PbCode.POINTS_MISMATCH: N_(
        "The ballot names %(choices)s projects and gives %(points)s amounts of points."
    ),
    PbCode.NUM_VOTES_MISMATCH: N_("META announces %(declared)s ballots, the file has %(counted)s."),
    PbCode.VOTES_MISMATCH: N_(
        "Project %(project)s has %(declared)s votes in its row, %(counted)s on the ballots."
    ),
}


class PbError(ValueError):
    """An error with its place: line and column of the first character of the field, both from 1."""

    def __init__(self, line: int, column: int, code: PbCode, values: Mapping[str, str | int]) -> None:
        super().__init__(line, column, code, values)
        self.line = line
        self.column = column
        self.code = code
        self.values = values

    @property
    def template(self) -> str:
        """Return the sentence in English with places for the values, as catalogs know it."""
        return _MESSAGES[self.code]

    @property
    def message(self) -> str:
        """Return the error as an English sentence, without its place."""
        return self.template % self.values

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"
