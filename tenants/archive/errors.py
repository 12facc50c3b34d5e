"""Why an archive cannot be written or used; each sentence says what to do."""

from app.core.errors import Conflict, Invalid


class Unusable(Invalid):
    """The archive is damaged, was not written by Parvis, or does not fit what this deployment knows."""


class Refused(Conflict):
    """The archive is fine, and what was asked for cannot be done with it here and now."""
