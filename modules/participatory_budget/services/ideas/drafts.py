"""Drafts that go: with the account of whoever wrote them alone, or when nobody has touched them for a year."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select

from app.sdk import db

from ...models import Idea, IdeaAuthor
from ...rules.ideas.states import IdeaState, Joining
from . import files

KEPT_FOR = timedelta(days=365)
AT_ONCE = 500


def forget(account_id: UUID) -> None:
    """Delete the drafts that somebody writes alone."""
    joined = exists().where(IdeaAuthor.idea_id == Idea.id, IdeaAuthor.state == Joining.ACCEPTED)
    alone = select(Idea).where(Idea.author_id == account_id, Idea.state == IdeaState.DRAFT, ~joined)
    for idea in db.session.scalars(alone.with_for_update()).all():
        _delete(idea)


def forget_old(moment: datetime) -> int:
    """Delete drafts that were not touched for a year; returns how many."""
    old = select(Idea).where(Idea.state == IdeaState.DRAFT, Idea.changed_at < moment - KEPT_FOR)
    found = db.session.scalars(old.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    for idea in found:
        _delete(idea)
    return len(found)


def _delete(idea: Idea) -> None:
    files.forget_all(idea)
    db.session.delete(idea)
    db.session.flush()
