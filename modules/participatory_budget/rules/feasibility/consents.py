"""What authors say to the words for the ballot."""

from enum import StrEnum


class Consent(StrEnum):
    """Whether an author agrees with the text of a project."""

    ASKED = "asked"
    AGREED = "agreed"
    OBJECTED = "objected"
    """She wants it otherwise, and says how."""
