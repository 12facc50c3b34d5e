"""What other parts of the module do when something happens to an idea or a comment.

    @hooks.on(hooks.On.SUBMITTED)
    def _queue(idea: Idea) -> None: ...

A hook runs in the transaction of what happened and may raise what the person should read.
"""

from collections.abc import Callable
from enum import StrEnum

from ...models import Idea, IdeaComment, IdeaReport


class On(StrEnum):
    """What can happen to an idea."""

    SUBMITTED = "submitted"
    """It was handed in, or handed in again after it was asked about."""
    PUBLISHED = "published"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


Act = Callable[[Idea], None]
_of_ideas: dict[On, list[Act]] = {}
_of_comments: list[Callable[[IdeaComment], None]] = []
_of_reports: list[Callable[[IdeaReport], None]] = []


def on(happened: On) -> Callable[[Act], Act]:
    """Have a function called with the idea whenever this has happened."""

    def add(act: Act) -> Act:
        _of_ideas.setdefault(happened, []).append(act)
        return act

    return add


def tell(happened: On, idea: Idea) -> None:
    """Call what waits for this."""
    for act in _of_ideas.get(happened, ()):
        act(idea)


def on_comment(act: Callable[[IdeaComment], None]) -> Callable[[IdeaComment], None]:
    """Have a function called with each comment that was written or changed, visible or waiting."""
    _of_comments.append(act)
    return act


def tell_comment(comment: IdeaComment) -> None:
    """Call what waits for comments."""
    for act in _of_comments:
        act(comment)


def on_report(act: Callable[[IdeaReport], None]) -> Callable[[IdeaReport], None]:
    """Have a function called with each report of an idea or a comment."""
    _of_reports.append(act)
    return act


def tell_report(report: IdeaReport) -> None:
    """Call what waits for reports."""
    for act in _of_reports:
        act(report)
