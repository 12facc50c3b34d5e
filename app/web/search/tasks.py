"""Keeping what can be found in step with what is on: after a switch, a restore, a new version."""

from datetime import timedelta

from app.core.jobs import task
from app.web.search import entries

ALL = "*"


@task("search.rebuild")
def rebuild(module: str) -> None:
    """Make the entries of a module anew, or of everything (`*`)."""
    entries.rebuild(only=None if module == ALL else frozenset({module}))


@task("search.look_after", every=timedelta(minutes=10), idle=timedelta(hours=1))
def look_after() -> bool:
    """Enter what is on and cannot be found yet; the next look is soon when there was something."""
    missing = entries.missing()
    if missing:
        entries.rebuild(only=missing)
    return bool(missing)
