"""The history of an idea, as everybody reads it on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.sdk import Localized, db, now

from ...models import Idea, IdeaEvent
from ...rules.ideas.states import Happening

MOST = 200


def note(
    idea: Idea,
    kind: Happening,
    *,
    words: Localized | None = None,
    earlier: tuple[str, str] = ("", ""),
    other: UUID | None = None,
) -> IdeaEvent:
    """Write a line into an idea's history; `earlier` is the title and the text that stood there before."""
    line = IdeaEvent(
        idea_id=idea.id,
        kind=kind,
        happened_at=now(),
        note=words or {},
        earlier_title=earlier[0],
        earlier_text=earlier[1],
        other_idea=other,
    )
    db.session.add(line)
    return line


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history; what stood there before, where the words have changed."""

    event: IdeaEvent
    shows_earlier: bool


def of(idea: Idea) -> list[Line]:
    """Return the history of an idea, the newest line first; of earlier words those that everybody could read."""
    found, after = [], (idea.title, idea.text)
    lines = events(idea)
    for place, event in enumerate(lines):
        earlier = (event.earlier_title, event.earlier_text)
        changed = event.kind is Happening.CHANGED and bool(earlier[1]) and earlier != after
        found.append(Line(event, changed and _were_public(lines, place)))
        if event.kind is Happening.CHANGED:
            after = earlier
    return found


def _were_public(lines: Sequence[IdeaEvent], place: int) -> bool:
    """Tell whether the words that a change took away had been shown; in doubt they had not.

    They were where the idea was published while they stood there, or before, and never had to be again.
    """
    for line in lines[place + 1 :]:
        if line.kind is Happening.PUBLISHED:
            return True
        if line.kind is Happening.CHANGED:
            break
    since = lines[:place]
    return not any(line.kind is Happening.PUBLISHED for line in since) and any(
        line.kind is Happening.PUBLISHED for line in lines[place + 1 :]
    )


def events(idea: Idea) -> Sequence[IdeaEvent]:
    """Return what happened to an idea, the newest first."""
    lines = select(IdeaEvent).where(IdeaEvent.idea_id == idea.id)
    return db.session.scalars(
        lines.order_by(IdeaEvent.happened_at.desc(), IdeaEvent.id.desc()).limit(MOST)
    ).all()
