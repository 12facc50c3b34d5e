"""Supporting ideas: one support for each person and idea, within the edition's limit; who supports is not told."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.sdk import Account, Conflict, _, current_city, db, keyed_hash

from ...models import Edition, Idea, IdeaSupport
from ...rules.ideas.rules import is_reached, needed
from ...rules.ideas.states import IdeaState
from ..eligibility import must_be_eligible
from ..voters import by_account
from .rules_of import must_take_supports, rules_of
from .seeing import locked


def supporter(edition: Edition, account_id: UUID) -> bytes:
    """Return the name under which somebody supports ideas of this edition, of no use for another."""
    return keyed_hash(
        "participatory_budget.supporter", current_city().id.encode(), edition.id.bytes, account_id.bytes
    )


def support(edition: Edition, idea_id: UUID, account: Account) -> bool:
    """Let somebody support an idea; returns whether she had not before. Raises Conflict beyond the limit."""
    must_take_supports(edition)
    if rules_of(edition).supporters_as_voters:
        must_be_eligible(edition, by_account(edition, account))
    name = _enter(edition, account)
    idea = locked(idea_id)
    if idea.state is not IdeaState.PUBLISHED or idea.edition_id != edition.id:
        raise Conflict(_("This idea cannot be supported any more."))
    mine = supported(edition, account.id)
    if idea.id in mine:
        return False
    most = rules_of(edition).most_supports
    if most is not None and len(mine) >= most:
        raise Conflict(
            _("You support %(most)s ideas, which is as many as you can. Take one back first.", most=most)
        )
    taken = set(db.session.scalars(select(IdeaSupport.place).where(*_of(edition, name))))
    place = next(number for number in range(1, len(taken) + 2) if number not in taken)
    row = {"idea_id": idea.id, "supporter": name, "edition_id": edition.id, "place": place}
    db.session.execute(insert(IdeaSupport).values(row))
    idea.supports += 1
    return True


def take_back(edition: Edition, idea_id: UUID, account: Account) -> bool:
    """Let somebody no longer support an idea; returns whether she did."""
    must_take_supports(edition)
    name = _enter(edition, account)
    idea = locked(idea_id)
    return _remove(idea, name)


def supported(edition: Edition, account_id: UUID) -> set[UUID]:
    """Return the ideas that somebody supports."""
    name = supporter(edition, account_id)
    return set(db.session.scalars(select(IdeaSupport.idea_id).where(*_of(edition, name))))


def left(edition: Edition, mine: set[UUID]) -> int | None:
    """Return how many more ideas whoever supports these can support; None without a limit."""
    most = rules_of(edition).most_supports
    return None if most is None else max(0, most - len(mine))


def supporters(edition: Edition) -> int:
    """Return how many people support some idea of the edition."""
    asked = select(func.count(func.distinct(IdeaSupport.supporter)))
    return db.session.scalar(asked.where(IdeaSupport.edition_id == edition.id)) or 0


def reaches(edition: Edition, idea: Idea) -> bool:
    """Tell whether an idea has the support it needs to be looked into."""
    rules = rules_of(edition)
    return is_reached(rules, idea.supports, supporters(edition) if rules.threshold_is_percent else 0)


def needed_now(edition: Edition) -> int:
    """Return how many supports an idea needs as things stand; 0 where each one is looked into."""
    rules = rules_of(edition)
    return needed(rules, supporters(edition) if rules.threshold_is_percent else 0)


def move(idea: Idea, to: Idea) -> None:
    """Move the supports of one locked idea to another locked one; who supports both supports it once."""
    double = select(IdeaSupport.supporter).where(IdeaSupport.idea_id == to.id)
    db.session.execute(
        delete(IdeaSupport).where(IdeaSupport.idea_id == idea.id, IdeaSupport.supporter.in_(double))
    )
    db.session.execute(
        text("UPDATE participatory_budget_idea_support SET idea_id = :to WHERE idea_id = :idea"),
        {"to": to.id, "idea": idea.id},
    )
    counted = select(func.count()).select_from(IdeaSupport).where(IdeaSupport.idea_id == to.id)
    idea.supports, to.supports = 0, db.session.scalar(counted) or 0


def forget(edition: Edition, account_id: UUID) -> None:
    """Take back what somebody supports, as she leaves."""
    name = supporter(edition, account_id)
    for idea_id in sorted(supported(edition, account_id)):
        _remove(locked(idea_id), name)


def _remove(idea: Idea, name: bytes) -> bool:
    mine = delete(IdeaSupport).where(IdeaSupport.idea_id == idea.id, IdeaSupport.supporter == name)
    if db.session.execute(mine.returning(IdeaSupport.place)).first() is None:
        return False
    idea.supports -= 1
    return True


def _of(edition: Edition, name: bytes) -> tuple[ColumnElement[bool], ...]:
    return IdeaSupport.edition_id == edition.id, IdeaSupport.supporter == name


def _enter(edition: Edition, account: Account) -> bytes:
    """Let one person's clicks in one after the other, so that the limit holds; returns her name."""
    name = supporter(edition, account.id)
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"supporter {name.hex()}"}
    )
    return name
