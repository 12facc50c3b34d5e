"""Where an idea, a comment or an invitation is in its life."""

from enum import StrEnum


class IdeaState(StrEnum):
    """Where an idea is; what departments say of it (feasibility) is kept apart."""

    DRAFT = "draft"
    """Being written; only its authors see it."""
    WAITING = "waiting"
    """Handed in and not shown yet: staff look at it, or its hours run."""
    PUBLISHED = "published"
    MERGED = "merged"
    """Part of another idea now; its page leads there."""
    REFUSED = "refused"
    """Not accepted, with a reason that its page shows."""
    WITHDRAWN = "withdrawn"
    """Taken back by its authors."""

    @property
    def is_public(self) -> bool:
        """Tell whether anybody may read the idea's page."""
        return self in (IdeaState.PUBLISHED, IdeaState.MERGED)


class Source(StrEnum):
    """How an idea reached the city."""

    WEB = "web"
    PAPER = "paper"
    WORKSHOP = "workshop"


class Joining(StrEnum):
    """What became of the invitation to be one of an idea's authors."""

    INVITED = "invited"
    ACCEPTED = "accepted"


class CommentState(StrEnum):
    """Who sees a comment."""

    VISIBLE = "visible"
    WAITING = "waiting"
    """Its author and staff, until staff have looked at it."""
    HIDDEN = "hidden"
    """Staff alone; its place says that it was hidden."""
    REMOVED = "removed"
    """Nobody: its author took it back, and the answers to it stay."""


class Happening(StrEnum):
    """A step in the life of an idea, as its history names it."""

    HANDED_IN = "handed_in"
    PUBLISHED = "published"
    CHANGED = "changed"
    AUTHOR_JOINED = "author_joined"
    AUTHOR_LEFT = "author_left"
    ASKED = "asked"
    ANSWERED = "answered"
    MERGED = "merged"
    """It became part of another idea."""
    TOOK_IN = "took_in"
    """Another idea became part of it."""
    REFUSED = "refused"
    APPEALED = "appealed"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    FEASIBLE = "feasible"
    NOT_FEASIBLE = "not_feasible"
    ON_BALLOT = "on_ballot"


class ReportReason(StrEnum):
    """Why somebody reports an idea or a comment."""

    OFFENSIVE = "offensive"
    SPAM = "spam"
    PERSONAL = "personal"
    """It names or shows somebody who may not want that."""
    OFF_TOPIC = "off_topic"
    OTHER = "other"
