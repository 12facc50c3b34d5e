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


_MESSAGES = {
    PbCode.BAD_ENCODING: "The file is not UTF-8 text.",
    PbCode.LINE_TOO_LONG: "A row is longer than %(limit)s bytes.",
    PbCode.UNCLOSED_QUOTE: "A quotation mark is opened here and never closed.",
    PbCode.TEXT_AFTER_QUOTE: "There is text after a closing quotation mark.",
    PbCode.MISSING_SECTION: "The section %(section)s is missing.",
    PbCode.MISSING_COLUMN: "The section %(section)s has no column %(name)s.",
    PbCode.DUPLICATE_COLUMN: "The column %(name)s is there twice.",
    PbCode.TOO_FEW_FIELDS: "The row has %(found)s fields instead of %(expected)s.",
    PbCode.TOO_MANY_FIELDS: "The row has %(found)s fields instead of %(expected)s.",
    PbCode.MISSING_KEY: "The section META does not give %(key)s.",
    PbCode.DUPLICATE_KEY: "The section META gives %(key)s twice.",
    PbCode.UNKNOWN_VOTE_TYPE: "There is no type of vote called “%(text)s”.",
    PbCode.NOT_A_NUMBER: "“%(text)s” is not a number.",
    PbCode.NEGATIVE_COST: "An amount of money cannot be below zero: %(text)s.",
    PbCode.TOO_PRECISE: "%(text)s has more than %(digits)s decimals.",
    PbCode.NOT_A_DATE: "“%(text)s” is not a date such as 31.12.2026.",
    PbCode.EMPTY_ID: "The number of a project or voter is missing.",
    PbCode.DUPLICATE_PROJECT: "Project %(project)s was already in line %(line)s.",
    PbCode.TOO_MANY_PROJECTS: "There are more than %(limit)s projects.",
    PbCode.NUM_PROJECTS_MISMATCH: "META announces %(declared)s projects, the file has %(counted)s.",
    PbCode.DUPLICATE_VOTER: "Voter %(voter)s has voted before.",
    PbCode.UNKNOWN_PROJECT: "There is no project %(project)s.",
    PbCode.REPEATED_PROJECT: "The ballot names project %(project)s more than once.",
    PbCode.TOO_FEW_CHOICES: "The ballot names %(found)s projects, at least %(limit)s are needed.",
    PbCode.TOO_MANY_CHOICES: "The ballot names %(found)s projects, at most %(limit)s are allowed.",
    PbCode.POINTS_MISMATCH: "The ballot names %(choices)s projects and gives %(points)s amounts of points.",
    PbCode.NUM_VOTES_MISMATCH: "META announces %(declared)s ballots, the file has %(counted)s.",
    PbCode.VOTES_MISMATCH: "Project %(project)s has %(declared)s votes in its row, %(counted)s on the ballots.",
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
    def message(self) -> str:
        """Return the error as an English sentence, without its place."""
        return _MESSAGES[self.code] % self.values

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"
