"""The formal check, the coordinator's decision, its publication, and the appeal of the authors."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.sdk import Account, Conflict, Invalid, Localized, ServiceError, _, audit, db, enqueue, notify, now

from ...models import Edition, Examination, Idea, IdeaAppeal
from ...rules.feasibility.steps import Move, Step, Verdict
from ...rules.ideas.states import Happening
from ...rules.moderation.decisions import AppealOf
from ..editions import by_id
from ..ideas import history
from ..ideas.authors import account_ids
from ..ideas.following import path
from ..ideas.seeing import owned
from ..moderation import appeals
from ..moderation.reach import me
from . import cases
from .settings import rules_of

MOST = 2000


def accept(edition: Edition, number: int) -> Examination:
    """Let an idea pass its formal check."""
    case, _idea = cases.case_of(edition, number, lock=True)
    cases.move(edition, case, Move.ACCEPT)
    return case


def fail(edition: Edition, number: int, opinion: Localized) -> Examination:
    """End the examination at the formal check, with the reason for its authors; it still has to be published."""
    case, _idea = cases.case_of(edition, number, lock=True)
    return _decided(edition, case, Move.FAIL, Verdict.NOT_FEASIBLE, opinion)


def complete(edition: Edition, number: int) -> Examination:
    """Wait for no further opinions: the coordinator decides with what there is."""
    case, _idea = cases.case_of(edition, number, lock=True)
    cases.move(edition, case, Move.COMPLETE)
    return case


def decide(
    edition: Edition, number: int, verdict: Verdict, opinion: Localized, *, seen: int | None = None
) -> Examination:
    """Decide whether an idea can be done; in the second round not by whoever decided in the first."""
    case, _idea = cases.case_of(edition, number, lock=True)
    if seen is not None and seen != case.version:
        raise Conflict(
            _("A colleague has changed this meanwhile. Below is what you typed; save again to keep yours.")
        )
    cases.must_be_another(case)
    return _decided(edition, case, Move.DECIDE, verdict, opinion)


def reopen(edition: Edition, number: int) -> Examination:
    """Look again at what was decided and is not told yet."""
    case, _idea = cases.case_of(edition, number, lock=True)
    cases.must_be_another(case)
    cases.move(edition, case, Move.REOPEN)
    case.verdict, case.decided_at = None, None
    return case


def publish(edition: Edition, number: int) -> Examination:
    """Show the opinion to everybody and tell the authors; the days for an appeal begin."""
    case, idea = cases.case_of(edition, number, lock=True)
    cases.move(edition, case, Move.PUBLISH)
    verdict = case.verdict
    if verdict is None:
        raise Conflict(_("Nothing is decided yet."))
    case.published_at = now()
    case.told_verdict, case.told_opinion = verdict, dict(case.opinion)
    if case.step is Step.PUBLISHED:
        case.appeal_until = case.published_at + timedelta(days=rules_of(edition).flow.appeal_days)
        enqueue("participatory_budget.close_appeals", at=case.appeal_until)
    _judge(case, idea)
    history.note(
        idea, Happening.FEASIBLE if verdict.is_feasible else Happening.NOT_FEASIBLE, words=dict(case.opinion)
    )
    notify(
        "participatory_budget.opinion_published",
        account_ids(idea),
        f"{idea.id} round {case.round}",
        link=path(edition, idea),
        title=idea.title,
        verdict=verdict.value,
        opinion=dict(case.opinion),
    )
    return case


def publish_many(edition: Edition, numbers: Sequence[int]) -> tuple[int, list[int]]:
    """Publish several opinions; returns how many were and the numbers of those that could not be."""
    done, left = 0, []
    for number in numbers:
        try:
            with db.session.begin_nested():
                publish(edition, number)
            done += 1
        except ServiceError:
            left.append(number)
    return done, left


def may_appeal(edition: Edition, idea: Idea) -> datetime | None:
    """Return until when the authors can appeal against the opinion; None when they cannot."""
    case = cases.of_idea(idea)
    if (
        case is None
        or case.step is not Step.PUBLISHED
        or case.verdict is not Verdict.NOT_FEASIBLE
        or case.appeal_until is None
        or case.appeal_until <= now()
    ):
        return None
    return case.appeal_until


def appeal(edition: Edition, idea: Idea, account: Account, text: str) -> IdeaAppeal:
    """Appeal against the opinion on an own idea; others look at it once more. Raises Conflict when it is too late."""
    mine = owned(idea.id, account)
    case = db.session.get(Examination, mine.id, with_for_update=True, populate_existing=True)
    if case is None or may_appeal(edition, mine) is None:
        raise Conflict(
            _("You can no longer appeal: it is done once, and within the days that the page names.")
        )
    made = appeals.file(mine, account, text, against=AppealOf.OPINION)
    made.against_whom = case.decided_by
    case.first_decided_by = case.decided_by
    cases.move(edition, case, Move.APPEAL)
    return made


def close_appeals() -> int:
    """End what nobody appealed against in time; returns how many ideas that were."""
    due = (
        select(Examination)
        .where(Examination.step == Step.PUBLISHED, Examination.appeal_until <= now())
        .order_by(Examination.idea_id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(due).all()
    for case in found:
        cases.move(by_id(case.edition_id), case, Move.CLOSE)
    return len(found)


def leave_out(edition: Edition, number: int, reason: Localized | None) -> Examination:
    """Keep a feasible idea off the ballot for a reason that everybody reads, or take that back with None."""
    case, idea = cases.case_of(edition, number, lock=True, permission="participatory_budget.manage")
    if reason is not None and not reason:
        raise Invalid(_("Write a reason: everybody reads it."))
    case.left_out, case.version = reason, case.version + 1
    audit("participatory_budget.idea_left_out", subject=f"idea:{idea.id}", out=reason is not None)
    return case


def _decided(
    edition: Edition, case: Examination, taken: Move, verdict: Verdict, opinion: Localized
) -> Examination:
    words = {code: text for code, text in opinion.items() if text.strip()}
    if not words:
        raise Invalid(_("Write the opinion: authors and residents read it."))
    cases.move(edition, case, taken)
    case.verdict, case.opinion = verdict, words
    case.decided_by, case.decided_at = me(), now()
    return case


def _judge(case: Examination, idea: Idea) -> None:
    found = appeals.appeal(idea, AppealOf.OPINION)
    if case.round == 2 and found is not None and case.verdict is not None:
        found.judged_by, found.judged_at = case.decided_by, case.published_at
        found.granted = case.verdict.is_feasible
