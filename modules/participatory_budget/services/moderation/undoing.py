"""Ideas that were merged by mistake are parted again, within a day and as long as nothing is built on them.

What followers chose cannot be told apart afterwards: they stay with the idea that took the other one in.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.sdk import Conflict, _, audit, db, now

from ...models import (
    Edition,
    Examination,
    Idea,
    IdeaAuthor,
    IdeaComment,
    IdeaMerging,
    IdeaSupport,
    ProjectIdea,
)
from ...rules.ideas.rules import read_idea_rules
from ...rules.ideas.states import Happening, IdeaState
from ..ideas import history, merging, publishing
from ..ideas.seeing import locked

UNDONE_WITHIN = timedelta(days=1)


def merge(idea: Idea, into: Idea) -> None:
    """Make an idea part of another and remember for a day what went along."""
    comments = db.session.scalars(select(IdeaComment.id).where(IdeaComment.idea_id == idea.id)).all()
    supporters = set(_supporters(idea))
    doubles = supporters & set(_supporters(into))
    authors = set(_authors(into))
    state = idea.state
    merging.merge_into(idea, into)
    db.session.execute(delete(IdeaMerging).where(IdeaMerging.idea_id == idea.id))
    db.session.add(
        IdeaMerging(
            idea_id=idea.id,
            into_id=into.id,
            merged_at=now(),
            state=state,
            author_ids=sorted(set(_authors(into)) - authors),
            comment_ids=list(comments),
            supporters=sorted(supporters),
            doubles=sorted(doubles),
        )
    )
    db.session.flush()


def may_undo(idea: Idea) -> bool:
    """Tell whether the merging of an idea can still be taken back."""
    return not _obstacle(idea, db.session.get(IdeaMerging, idea.id))


def undo(idea_id: UUID) -> Idea:
    """Part two ideas again; raises Conflict after a day, or when something was built on the other one."""
    found = db.session.get(IdeaMerging, idea_id)
    into_id = found.into_id if found is not None else idea_id
    both = {one: locked(one) for one in sorted({idea_id, into_id})}
    idea, into = both[idea_id], both[into_id]
    problem = _obstacle(idea, found)
    if problem or found is None:
        raise Conflict(problem or _("This cannot be taken back any more."))
    idea.state, idea.merged_into = found.state, None
    idea.version, into.version = idea.version + 1, into.version + 1
    _part_comments(idea, into, found.comment_ids)
    db.session.execute(delete(IdeaAuthor).where(IdeaAuthor.id.in_(found.author_ids)))
    _part_supports(idea, into, found)
    history.note(idea, Happening.RESTORED, other=into.id)
    db.session.delete(found)
    db.session.flush()
    publishing.show_as_is(idea)
    publishing.show_as_is(into)
    audit("participatory_budget.ideas_unmerged", subject=f"idea:{idea.id}", other=str(into.id))
    return idea


def forget_old() -> int:
    """Forget what went along with mergings that can no longer be taken back; returns how many those were."""
    old = delete(IdeaMerging).where(IdeaMerging.merged_at < now() - UNDONE_WITHIN)
    return len(db.session.execute(old.returning(IdeaMerging.idea_id)).all())


def _obstacle(idea: Idea, found: IdeaMerging | None) -> str:
    if idea.state is not IdeaState.MERGED or found is None or found.merged_at < now() - UNDONE_WITHIN:
        return _("Merging can be taken back within a day. After that it stays.")
    into = db.session.get(Idea, found.into_id)
    on_ballot = select(ProjectIdea.idea_id).where(ProjectIdea.idea_id == found.into_id).limit(1)
    examined = select(Examination.idea_id).where(
        Examination.idea_id == found.into_id, Examination.begun_at > found.merged_at
    )
    if into is None or into.state is IdeaState.MERGED or idea.merged_into != found.into_id:
        return _("The other idea has become part of a third one. Take that back first.")
    if db.session.scalar(on_ballot) or db.session.scalar(examined):
        return _("The other idea is being examined or is on the ballot already: the two stay together.")
    return ""


def _part_comments(idea: Idea, into: Idea, ids: Iterable[UUID]) -> None:
    """Give comments back, and with them the answers that came since."""
    mine = IdeaComment.id.in_(list(ids)) | IdeaComment.parent_id.in_(list(ids))
    back = update(IdeaComment).where(IdeaComment.idea_id == into.id, mine)
    db.session.execute(back.values(idea_id=idea.id))


def _part_supports(idea: Idea, into: Idea, found: IdeaMerging) -> None:
    """Give supports back; who supported both does again, unless she has used the support for another idea."""
    moved = [one for one in found.supporters if one not in set(found.doubles)]
    mine = (IdeaSupport.idea_id == into.id) & IdeaSupport.supporter.in_(moved)
    db.session.execute(update(IdeaSupport).where(mine).values(idea_id=idea.id))
    most = read_idea_rules(db.session.get_one(Edition, idea.edition_id).idea_rules).most_supports
    for name in found.doubles:
        places = select(IdeaSupport.place).where(
            IdeaSupport.edition_id == idea.edition_id, IdeaSupport.supporter == name
        )
        taken = set(db.session.scalars(places))
        free = next(place for place in range(1, len(taken) + 2) if place not in taken)
        row = {"idea_id": idea.id, "supporter": name, "edition_id": idea.edition_id, "place": free}
        if most is None or len(taken) < most:
            db.session.execute(insert(IdeaSupport).values(row).on_conflict_do_nothing())
    for one in (idea, into):
        counted = select(func.count()).select_from(IdeaSupport).where(IdeaSupport.idea_id == one.id)
        one.supports = db.session.scalar(counted) or 0


def _supporters(idea: Idea) -> Iterable[bytes]:
    return db.session.scalars(select(IdeaSupport.supporter).where(IdeaSupport.idea_id == idea.id))


def _authors(idea: Idea) -> Iterable[UUID]:
    return db.session.scalars(select(IdeaAuthor.id).where(IdeaAuthor.idea_id == idea.id))
