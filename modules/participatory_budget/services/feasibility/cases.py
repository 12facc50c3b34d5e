"""Ideas under examination: which begin, where each stands, and how it moves on."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select

from app.sdk import Conflict, Forbidden, NotFound, _, audit, db, may, now

from ...models import Edition, Examination, Idea, IdeaSupport, ProjectIdea
from ...rules.feasibility import steps
from ...rules.feasibility.steps import IllegalMove, Move, Place
from ...rules.ideas.rules import is_reached, read_idea_rules
from ...rules.ideas.states import IdeaState
from ..moderation.deciding import numbered
from ..moderation.reach import me, must_be_anothers, must_reach, within
from .settings import rules_of

COORDINATES = "participatory_budget.coordinate"
EVALUATES = "participatory_budget.evaluate"
MOST = 5000


def candidates(edition: Edition, numbers: Collection[int] | None = None) -> Sequence[Idea]:
    """Return the published ideas that have the support they need and are not examined yet."""
    rules = read_idea_rules(edition.idea_rules)
    supporters = supporters_of(edition) if rules.threshold else 0
    open_ones = select(Idea).where(
        Idea.edition_id == edition.id,
        Idea.state == IdeaState.PUBLISHED,
        Idea.id.not_in(select(Examination.idea_id)),
        within(COORDINATES),
    )
    if numbers is not None:
        open_ones = open_ones.where(Idea.number.in_(numbers))
    found = db.session.scalars(open_ones.order_by(Idea.number).limit(MOST))
    return [idea for idea in found if is_reached(rules, idea.supports, supporters)]


def supporters_of(edition: Edition) -> int:
    """Return how many people support any idea of an edition."""
    people = select(func.count(IdeaSupport.supporter.distinct())).where(IdeaSupport.edition_id == edition.id)
    return db.session.scalar(people) or 0


def begin(edition: Edition, numbers: Collection[int]) -> int:
    """Begin to examine ideas; those that have not enough support or are examined already are passed over."""
    place = steps.begin(rules_of(edition).flow)
    chosen = candidates(edition, numbers)
    for idea in chosen:
        db.session.add(
            Examination(
                idea_id=idea.id,
                edition_id=edition.id,
                step=place.step,
                round=place.round,
                begun_at=now(),
            )
        )
        audit("participatory_budget.examination_begun", subject=f"idea:{idea.id}")
    db.session.flush()
    return len(chosen)


def case_of(
    edition: Edition, number: int, *, lock: bool = False, permission: str = COORDINATES
) -> tuple[Examination, Idea]:
    """Return an examination with its idea for whoever may see it there; raises NotFound, Forbidden.

    Locked it is to be changed, which is not for the authors of the idea.
    """
    idea = numbered(edition, number)
    found = db.session.get(Examination, idea.id) if idea is not None else None
    if idea is None or found is None:
        raise NotFound(_("This idea is not being examined."))
    if not may(permission):
        raise Forbidden(_("Your role does not allow this."))
    must_reach(permission, idea)
    if lock:
        found = db.session.get_one(Examination, idea.id, with_for_update=True, populate_existing=True)
        must_be_anothers(idea)
    return found, idea


def of_idea(idea: Idea) -> Examination | None:
    """Return the examination of an idea; None for one that nobody examines."""
    return db.session.get(Examination, idea.id)


def place_of(case: Examination) -> Place:
    """Return where an examination stands."""
    return Place(case.step, case.round)


def moves(edition: Edition, case: Examination) -> frozenset[Move]:
    """Return what can be done with an idea where it stands."""
    return steps.moves(place_of(case), rules_of(edition).flow)


def move(edition: Edition, case: Examination, taken: Move) -> None:
    """Move a locked examination on; raises Conflict when somebody else has moved it meanwhile."""
    try:
        target = steps.after(place_of(case), taken, rules_of(edition).flow)
    except IllegalMove as error:
        raise Conflict(
            _(
                "This cannot be done with the idea now. Perhaps a colleague was faster: look at where it stands."
            )
        ) from error
    case.step, case.round, case.version = target.step, target.round, case.version + 1
    db.session.flush()
    audit("participatory_budget.examination_moved", subject=f"idea:{case.idea_id}", move=taken.value)


def not_on_ballot() -> ColumnElement[bool]:
    """Return the condition that an idea is part of no project."""
    return Idea.id.not_in(select(ProjectIdea.idea_id))


def must_be_another(case: Examination) -> None:
    """Raise Forbidden for whoever decided before an appeal: others look at it once more."""
    if case.round == 2 and case.first_decided_by is not None and case.first_decided_by == me():
        raise Forbidden(_("You decided before the appeal: somebody else decides now."))
