"""Who hears of an idea: its authors, and those who follow it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.sdk import Thing, db, followable, notify
from app.sdk import followers as following

from ...models import Edition, Idea, IdeaComment
from ...rules.ideas.states import IdeaState
from ...rules.phases import Stage
from ..followers import UUID_SHAPE
from .authors import account_ids
from .rules_of import shows_ideas

WHAT = "participatory_budget:idea"


def subject(idea: Idea) -> str:
    """Return what people follow when they follow an idea."""
    return f"{WHAT}:{idea.id}"


def path(edition: Edition, idea: Idea) -> str:
    """Return the address of an idea on the city's own site."""
    return f"/participatory-budget/{edition.slug}/ideas/{idea.number}"


@followable(WHAT)
def _find(idents: Sequence[str]) -> Mapping[str, Thing]:
    known = [UUID(ident) for ident in idents if UUID_SHAPE.fullmatch(ident)]
    found = (
        select(Idea, Edition)
        .join(Edition, Edition.id == Idea.edition_id)
        .where(Idea.id.in_(known), Idea.state.in_((IdeaState.PUBLISHED, IdeaState.MERGED)))
        .where(Edition.stage != Stage.DRAFT)
    )
    return {
        str(idea.id): Thing(idea.title, path(edition, idea))
        for idea, edition in db.session.execute(found)
        if shows_ideas(edition)
    }


def tell_published(idea: Idea) -> None:
    """Tell the authors of an idea that everybody can read it."""
    cause = f"idea:{idea.id}:published"
    notify(
        "participatory_budget.idea_published", account_ids(idea), cause, link=_link(idea), title=idea.title
    )


def tell_comment(idea: Idea, comment: IdeaComment) -> None:
    """Tell the authors and the followers of an idea that something was said, but for whoever said it."""
    authors = [one for one in account_ids(idea) if one != comment.account_id]
    for those in (authors, following(subject=subject(idea))):
        notify(
            "participatory_budget.idea_commented",
            those,
            f"comment:{comment.id}",
            link=_link(idea),
            title=idea.title,
            author=comment.author_name,
        )


def tell_merged(idea: Idea, into: Idea, authors: Sequence[UUID]) -> None:
    """Tell the authors of an idea that another has become part of it."""
    notify(
        "participatory_budget.idea_merged",
        authors,
        f"idea:{idea.id}:merged:{into.id}",
        link=_link(into),
        title=into.title,
        other=idea.title,
    )


def _link(idea: Idea) -> str:
    return path(db.session.get_one(Edition, idea.edition_id), idea)
