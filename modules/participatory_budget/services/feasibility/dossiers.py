"""What pages about several opinions need to know of their ideas."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.sdk import db

from ...models import DepartmentOpinion, Idea


def ideas_of(opinions: Sequence[DepartmentOpinion]) -> Mapping[UUID, Idea]:
    """Return the ideas that departments are asked about, by their ids, in one query."""
    wanted = {one.idea_id for one in opinions}
    return {one.id: one for one in db.session.scalars(select(Idea).where(Idea.id.in_(wanted)))}
