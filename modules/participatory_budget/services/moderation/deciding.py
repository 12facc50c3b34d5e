"""Decisions about ideas: each is kept, told to the authors, and written into the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.sdk import (
    Conflict,
    Forbidden,
    Invalid,
    Localized,
    NotFound,
    ServiceError,
    _,
    audit,
    db,
    may,
    notify,
    now,
)

from ...models import Edition, Idea, IdeaAppeal, IdeaDecision, IdeaEvent
from ...rules.ideas.states import Happening, IdeaState
from ...rules.moderation.changes import Piece, word_changes
from ...rules.moderation.decisions import NEEDS_REASON, AppealOf, Decision, decisions_on, may_judge
from ..ideas import history, publishing, reporting
from ..ideas.authors import account_ids
from ..ideas.following import path
from ..ideas.seeing import HIGHEST, is_mine, locked
from . import undoing
from .queue import PERMISSION
from .reach import me, must_be_anothers, must_reach

COORDINATES = "participatory_budget.coordinate"
LONGEST_NOTE = 2000
SETTLES = frozenset(Decision) - {Decision.ASK, Decision.ESCALATE, Decision.NOTE}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody decides: `reason` is for the author, `note` for colleagues, `into` the number of an idea."""

    decision: Decision
    reason: Localized = field(default_factory=dict)
    note: str = ""
    into: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What an idea was like when a moderator opened it: when it had last been changed, and the newest decision."""

    changed_at: datetime
    decision_id: UUID | None = None


class Changed(Conflict):
    """The author has changed her idea since the moderator opened it."""


def idea_of(edition: Edition, number: int) -> Idea:
    """Return an idea that staff may look at, by its number; drafts are nobody's business."""
    found = numbered(edition, number)
    if found is None or found.state is IdeaState.DRAFT:
        raise NotFound(_("There is no such idea."))
    must_reach(PERMISSION, found)
    return found


def numbered(edition: Edition, number: int) -> Idea | None:
    """Return the idea of an edition with a number, whatever its state."""
    mine = select(Idea).where(Idea.edition_id == edition.id, Idea.number == number)
    return db.session.scalar(mine) if number <= HIGHEST else None


def decide(edition: Edition, number: int, ruling: Ruling, *, seen: Seen | None = None) -> Idea:
    """Decide about an idea; raises Changed, Conflict when it is decided already, Invalid for what is missing.

    `seen` is what the idea was like as the moderator saw it.
    """
    idea = locked(idea_of(edition, number).id)
    appeal = appeal_of(idea)
    if seen is not None and seen.changed_at != idea.changed_at:
        raise Changed(
            _("The author has changed the idea since you opened it. Look at what is new and decide again.")
        )
    if seen is not None and seen != seen_now(idea) and ruling.decision is not Decision.NOTE:
        raise Conflict(_("A colleague has decided about this idea meanwhile. Look at it and decide again."))
    if ruling.decision is not Decision.NOTE:
        _must_be_possible(idea, ruling, appeal)
    if ruling.decision in NEEDS_REASON and not ruling.reason:
        raise Invalid(_("Write a reason, or choose one: the author reads it."))
    other = _act(edition, idea, ruling)
    made = IdeaDecision(
        idea_id=idea.id,
        decision=ruling.decision,
        decided_by=me(),
        decided_at=now(),
        reason=ruling.reason,
        note=ruling.note,
        other_idea=other,
    )
    db.session.add(made)
    if appeal is not None and ruling.decision in (Decision.PUBLISH, Decision.DISMISS):
        appeal.judged_by, appeal.judged_at = made.decided_by, made.decided_at
        appeal.granted = ruling.decision is Decision.PUBLISH
        audit("participatory_budget.appeal_judged", subject=f"idea:{idea.id}", granted=appeal.granted)
    if ruling.decision in SETTLES:
        reporting.settle(idea.id)
    db.session.flush()
    audit("participatory_budget.idea_decided", subject=f"idea:{idea.id}", decision=ruling.decision.value)
    _tell(idea, made)
    return idea


def seen_now(idea: Idea) -> Seen:
    """Return what an idea is like now."""
    latest = latest_decision(idea)
    return Seen(idea.changed_at, latest.id if latest is not None else None)


def publish_many(edition: Edition, numbers: Sequence[int]) -> tuple[int, list[int]]:
    """Publish several new ideas; returns how many were and the numbers of those that could not be."""
    done, left = 0, []
    for number in numbers:
        try:
            with db.session.begin_nested():
                decide(edition, number, Ruling(Decision.PUBLISH))
            done += 1
        except ServiceError:
            left.append(number)
    return done, left


def possible(idea: Idea) -> tuple[Decision, ...]:
    """Return what the one signed in may decide about an idea now."""
    appeal = appeal_of(idea)
    if is_mine(idea) or (appeal is not None and not _may_judge(appeal)):
        return ()
    if is_escalated(idea) and not may(COORDINATES):
        return ()
    found = decisions_on(idea.state, appealed=appeal is not None)
    return tuple(one for one in found if one is not Decision.KEEP or reporting.open_reports(idea.id))


def appeal_of(idea: Idea) -> IdeaAppeal | None:
    """Return the appeal against the refusal of an idea that nobody has judged."""
    return db.session.scalar(
        select(IdeaAppeal).where(
            IdeaAppeal.idea_id == idea.id,
            IdeaAppeal.against == AppealOf.REFUSAL,
            IdeaAppeal.judged_at.is_(None),
        )
    )


def latest_decision(idea: Idea) -> IdeaDecision | None:
    """Return the newest decision about an idea, notes aside."""
    mine = select(IdeaDecision).where(
        IdeaDecision.idea_id == idea.id,
        IdeaDecision.comment_id.is_(None),
        IdeaDecision.decision != Decision.NOTE,
    )
    return db.session.scalar(mine.order_by(IdeaDecision.decided_at.desc(), IdeaDecision.id.desc()).limit(1))


def decisions(idea: Idea) -> Sequence[IdeaDecision]:
    """Return everything that was decided about an idea, oldest first."""
    mine = select(IdeaDecision).where(IdeaDecision.idea_id == idea.id, IdeaDecision.comment_id.is_(None))
    return db.session.scalars(mine.order_by(IdeaDecision.decided_at, IdeaDecision.id).limit(200)).all()


def is_escalated(idea: Idea) -> bool:
    """Tell whether an idea waits for a coordinator."""
    latest = latest_decision(idea)
    return latest is not None and latest.decision is Decision.ESCALATE


def changes_since(idea: Idea, seen: datetime) -> Sequence[Piece]:
    """Return what the author has changed since, word by word."""
    lines = select(IdeaEvent).where(
        IdeaEvent.idea_id == idea.id, IdeaEvent.kind == Happening.CHANGED, IdeaEvent.happened_at > seen
    )
    first = db.session.scalar(lines.order_by(IdeaEvent.happened_at, IdeaEvent.id).limit(1))
    if first is None:
        return ()
    before = f"{first.earlier_title}\n{first.earlier_text}"
    return word_changes(before, f"{idea.title}\n{idea.text}")


def _must_be_possible(idea: Idea, ruling: Ruling, appeal: IdeaAppeal | None) -> None:
    must_be_anothers(idea)
    if appeal is not None and not _may_judge(appeal):
        raise Forbidden(_("You decided before: somebody else judges the appeal."))
    if is_escalated(idea) and not may(COORDINATES):
        raise Forbidden(_("A colleague has asked a coordinator to decide this."))
    if ruling.decision not in decisions_on(idea.state, appealed=appeal is not None):
        raise Conflict(_("A colleague has decided about this idea meanwhile."))


def _may_judge(appeal: IdeaAppeal) -> bool:
    return may_judge(me(), appeal.against_whom)


def _act(edition: Edition, idea: Idea, ruling: Ruling) -> UUID | None:
    """Do what was decided; returns the idea that it became part of."""
    match ruling.decision:
        case Decision.PUBLISH:
            publishing.publish(idea)
        case Decision.ASK:
            # Its hours stop: it shows when staff have seen the answer.
            idea.publish_at = None
            history.note(idea, Happening.ASKED, words=ruling.reason)
        case Decision.ESCALATE:
            idea.publish_at = None
        case Decision.REFUSE:
            _refuse(idea, ruling.reason)
        case Decision.MERGE:
            target = _target(edition, idea, ruling.into)
            undoing.merge(idea, target)
            return target.id
    return None


def _refuse(idea: Idea, reason: Localized) -> None:
    idea.state, idea.publish_at, idea.version = IdeaState.REFUSED, None, idea.version + 1
    history.note(idea, Happening.REFUSED, words=reason)
    db.session.flush()
    publishing.show_as_is(idea)


def _target(edition: Edition, idea: Idea, number: int | None) -> Idea:
    if number is None:
        raise Invalid(_("Write the number of the idea that stays."))
    found = numbered(edition, number)
    if found is None or found.id == idea.id or found.state not in (IdeaState.WAITING, IdeaState.PUBLISHED):
        raise Invalid(_("No open idea has the number %(number)s.", number=number))
    must_reach(PERMISSION, found)
    must_be_anothers(found)
    return found


# Publishing and merging tell the authors themselves.
TELLS = frozenset({Decision.ASK, Decision.REFUSE, Decision.DISMISS})


def _tell(idea: Idea, made: IdeaDecision) -> None:
    if made.decision in TELLS:
        notify(
            "participatory_budget.idea_decided",
            account_ids(idea),
            str(made.id),
            link=path(db.session.get_one(Edition, idea.edition_id), idea),
            title=idea.title,
            decision=made.decision.value,
            reason=dict(made.reason),
        )
