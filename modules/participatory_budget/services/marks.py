"""Marks of what a page showed, so that nobody overwrites what somebody else has saved meanwhile."""

import hashlib

from app.sdk import Conflict, _


def mark(part: object) -> str:
    """Return a short mark of a value object; equal values have equal marks."""
    return hashlib.sha256(repr(part).encode()).hexdigest()[:16]


def must_be_as_seen(part: object, seen: str | None) -> None:
    """Raise Conflict when a part is no longer what the page showed; None skips the check."""
    if seen is not None and seen != mark(part):
        raise Conflict(
            _("Somebody else has changed this meanwhile. Below is what you typed; save again to keep yours.")
        )
