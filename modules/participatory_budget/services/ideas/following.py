"""Who hears of an idea: its authors, and those who follow it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.sdk import Thing, db, followable, notify
from app.sdk import followers as following

from ...models import Edition, Idea
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


def tell_authors(kind: str, idea: Idea, cause: str, *, but: UUID | None = None, **words: object) -> None:
    """Tell the authors of an idea something, but for whoever did it."""
    tell_accounts(kind, [one for one in account_ids(idea) if one != but], idea, cause, **words)


def tell_accounts(kind: str, to: Sequence[UUID], idea: Idea, cause: str, **words: object) -> None:
    """Tell people something of an idea."""
    if to:
        notify(f"participatory_budget.{kind}", to, cause, link=_link(idea), title=idea.title, **words)


def tell_followers(kind: str, idea: Idea, cause: str, **words: object) -> None:
    """Tell those who follow an idea something."""
    those = following(subject=subject(idea))
    notify(f"participatory_budget.{kind}", those, cause, link=_link(idea), title=idea.title, **words)


def _link(idea: Idea) -> str:
    return path(db.session.get_one(Edition, idea.edition_id), idea)
