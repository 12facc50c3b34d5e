"""What a machine notices in ideas and comments, for lists and pages: a bounded number of questions for many of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.sdk import current_city, db

from ...models import Idea, IdeaComment
from ...rules.ideas.states import IdeaState
from ...rules.moderation.hints import Hint, HintCode, hints_in

ALIKE = 0.5
"""Titles with so large a share of letter groups in common may mean the same."""
SAME_WORDS = 0.3
"""Enough when both ideas are for places close to each other."""
NEAR_DEGREES = 0.002
"""About 200 metres."""
MOST_ALIKE = 3


def noticed(ideas: Sequence[Idea], comments: Sequence[IdeaComment] = ()) -> Mapping[UUID, Sequence[Hint]]:
    """Return the hints about ideas and comments by their ids."""
    offered = current_city().languages
    doubles = duplicates(ideas)
    found: dict[UUID, Sequence[Hint]] = {
        idea.id: (
            *(Hint(HintCode.DUPLICATE, str(one.number)) for one in doubles.get(idea.id, ())),
            *hints_in(f"{idea.title}\n{idea.text}", language=idea.language, offered=offered),
        )
        for idea in ideas
    }
    return found | {one.id: hints_in(one.text, language=one.language, offered=offered) for one in comments}


def duplicates(ideas: Sequence[Idea]) -> Mapping[UUID, Sequence[Idea]]:
    """Return for each idea others of its edition that may be the same, the most alike first, in one query."""
    mine, other = aliased(Idea), aliased(Idea)
    alike = func.shared.similarity(func.lower(mine.title), func.lower(other.title))
    near = (func.abs(mine.latitude - other.latitude) < NEAR_DEGREES) & (
        func.abs(mine.longitude - other.longitude) < NEAR_DEGREES
    )
    found = (
        select(mine.id, other)
        .join(other, (other.edition_id == mine.edition_id) & (other.id != mine.id))
        .where(
            mine.id.in_([idea.id for idea in ideas]),
            other.state.in_((IdeaState.WAITING, IdeaState.PUBLISHED)),
            (alike >= ALIKE) | (near & (alike >= SAME_WORDS)),
        )
        .order_by(mine.id, alike.desc(), other.number)
        .limit(200)
    )
    doubles: dict[UUID, list[Idea]] = {}
    for idea_id, one in db.session.execute(found) if ideas else ():
        theirs = doubles.setdefault(idea_id, [])
        if len(theirs) < MOST_ALIKE:
            theirs.append(one)
    return doubles
