"""When an idea shows: at once, after its hours, or when staff say so; and who hears of it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.sdk import Localized, db, emit, enqueue, now

from ...models import Edition, Idea
from ...rules.ideas.doubts import Doubt, must_wait
from ...rules.ideas.rules import Publication
from ...rules.ideas.states import Happening, IdeaState
from ..finding import findable_ideas
from . import history, hooks
from .following import tell_published
from .rules_of import rules_of, shows_ideas


def on_its_way(edition: Edition, idea: Idea) -> None:
    """Do with an idea that was just handed in what its edition says; one that is doubted waits for staff."""
    rules = rules_of(edition)
    if must_wait([Doubt(one) for one in idea.doubts]):
        return
    if rules.publication is Publication.AT_ONCE:
        publish(idea)
    elif rules.publication is Publication.DELAYED:
        idea.publish_at = now() + timedelta(hours=rules.delay_hours)
        enqueue("participatory_budget.publish_idea", at=idea.publish_at, idea_id=str(idea.id))


def look_again(edition: Edition, idea: Idea) -> None:
    """Have what its authors changed looked at as what they handed in was: before it shows, or in its hours anew."""
    rules = rules_of(edition)
    if rules.publication is Publication.REVIEWED and idea.state is IdeaState.PUBLISHED:
        idea.state, idea.publish_at = IdeaState.WAITING, None
    elif rules.publication is Publication.DELAYED and (idea.state is IdeaState.PUBLISHED or idea.publish_at):
        idea.state, idea.publish_at = IdeaState.WAITING, None
        on_its_way(edition, idea)


def publish(idea: Idea, *, tells: bool = True) -> None:
    """Show an idea to everybody from now on; one that is shown already stays as it is.

    Its authors are told, unless whoever decided it tells them more.
    """
    if idea.state is IdeaState.PUBLISHED:
        return
    idea.state, idea.publish_at = IdeaState.PUBLISHED, None
    idea.published_at = idea.published_at or now()
    idea.version += 1
    history.note(idea, Happening.PUBLISHED)
    db.session.flush()
    show_as_is(idea)
    edition = db.session.get_one(Edition, idea.edition_id)
    if tells:
        tell_published(idea)
    if shows_ideas(edition):
        emit(
            "participatory_budget.idea_published",
            once=f"idea {idea.id}",
            id=idea.id,
            edition=edition.slug,
            number=idea.number,
            title=idea.title,
        )
    hooks.tell(hooks.On.PUBLISHED, idea)


def refuse(idea: Idea, reason: Localized) -> None:
    """Do not accept an idea; its page says why, to its authors and staff."""
    idea.state, idea.publish_at, idea.version = IdeaState.REFUSED, None, idea.version + 1
    history.note(idea, Happening.REFUSED, words=reason)
    db.session.flush()
    show_as_is(idea)


def publish_if_due(idea_id: UUID) -> None:
    """Show an idea whose hours have run; not when staff stopped it, or it was changed so that it is doubted."""
    idea = db.session.get(Idea, idea_id, with_for_update=True)
    if idea is None or idea.state is not IdeaState.WAITING or idea.publish_at is None:
        return
    if idea.publish_at <= now():
        publish(idea)


def publish_due() -> bool:
    """Have ideas shown whose hours have run, each in a transaction of its own; returns whether any waits."""
    waiting = select(Idea.id, Idea.publish_at).where(
        Idea.state == IdeaState.WAITING, Idea.publish_at.is_not(None)
    )
    rows = db.session.execute(waiting.order_by(Idea.publish_at).limit(100)).all()
    for idea_id, at in rows:
        if at is not None and at <= now():
            enqueue("participatory_budget.publish_idea", idea_id=str(idea_id))
    return bool(rows)


def show_as_is(idea: Idea) -> None:
    """Have an idea found as it is now, or no longer."""
    findable_ideas.index(idea.id)
