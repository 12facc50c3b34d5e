"""An author who thinks that a refusal is wrong says so, once and in time; somebody else judges it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.sdk import Account, Conflict, Invalid, _, audit, db, now

from ...models import Edition, Idea, IdeaAppeal, IdeaDecision
from ...rules.feasibility.flows import ReviewRules, read_review
from ...rules.ideas.states import Happening, IdeaState
from ...rules.moderation.decisions import AppealOf, Decision, may_appeal
from ..ideas import history
from ..ideas.seeing import owned

LONGEST = 4000
SHORTEST = 20


def review_rules(edition: Edition) -> ReviewRules:
    """Return how staff of an edition look at ideas."""
    return read_review(edition.review_rules)


def appeal(idea: Idea, against: AppealOf = AppealOf.REFUSAL) -> IdeaAppeal | None:
    """Return the appeal that was made in a matter."""
    return db.session.scalar(
        select(IdeaAppeal).where(IdeaAppeal.idea_id == idea.id, IdeaAppeal.against == against)
    )


def refusal_of(idea: Idea) -> IdeaDecision | None:
    """Return the decision by which an idea stands refused."""
    if idea.state is not IdeaState.REFUSED:
        return None
    mine = select(IdeaDecision).where(
        IdeaDecision.idea_id == idea.id,
        IdeaDecision.comment_id.is_(None),
        IdeaDecision.decision == Decision.REFUSE,
    )
    return db.session.scalar(mine.order_by(IdeaDecision.decided_at.desc()).limit(1))


def refusal_appeal_until(edition: Edition, idea: Idea) -> datetime | None:
    """Return until when the authors can appeal against the refusal; None when they cannot."""
    refusal, days = refusal_of(idea), review_rules(edition).refusal_days
    if refusal is None or not may_appeal(
        decided_at=refusal.decided_at, days=days, appealed=appeal(idea) is not None, at=now()
    ):
        return None
    return refusal.decided_at + timedelta(days=days)


def appeal_refusal(edition: Edition, idea: Idea, account: Account, text: str) -> IdeaAppeal:
    """Appeal against the refusal of an own idea; raises Conflict when it is too late or was done before."""
    mine = owned(idea.id, account, lock=True)
    refusal = refusal_of(mine)
    if refusal is None or refusal_appeal_until(edition, mine) is None:
        raise Conflict(
            _("You can no longer appeal: it is done once, and within the days that the page names.")
        )
    return file(mine, account, text, against=AppealOf.REFUSAL, decision=refusal)


def file(
    idea: Idea, account: Account, text: str, *, against: AppealOf, decision: IdeaDecision | None = None
) -> IdeaAppeal:
    """Write an appeal down; raises Conflict for the second one, Invalid for one that says nothing."""
    words = text.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise Invalid(
            _(
                "Say in %(least)s to %(most)s characters why the decision is wrong.",
                least=SHORTEST,
                most=LONGEST,
            )
        )
    made = IdeaAppeal(
        idea_id=idea.id,
        against=against,
        account_id=account.id,
        text=words,
        filed_at=now(),
        against_whom=decision.decided_by if decision is not None else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Conflict(_("An appeal was made already.")) from error
    history.note(idea, Happening.APPEALED)
    audit("participatory_budget.appeal_filed", subject=f"idea:{idea.id}", against=against.value)
    return made
