"""What is kept of those who appeal or agree to a text, and of those who decide about ideas.

An appeal is part of how a decision came about: its words stay with the idea, without the account. What staff decided
and wrote stays, too, as the city answers for it.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, update

from app.sdk import Basis, Holding, Record, Stays, _, _l, db, holds, picked

from ..models import (
    CostEstimate,
    DepartmentMember,
    DepartmentOpinion,
    Examination,
    Idea,
    IdeaAppeal,
    IdeaDecision,
    Project,
    TextConsent,
)


def _appeals(account_id: UUID) -> Iterable[Record]:
    mine = select(IdeaAppeal, Idea.title).join(Idea, Idea.id == IdeaAppeal.idea_id)
    for appeal, title in db.session.execute(mine.where(IdeaAppeal.account_id == account_id)):
        yield {
            "idea": title,
            "against": appeal.against.value,
            "text": appeal.text,
            "filed_at": appeal.filed_at,
        }
    said = select(TextConsent, Project.title).join(Project, Project.id == TextConsent.project_id)
    for consent, words in db.session.execute(said.where(TextConsent.account_id == account_id)):
        yield {
            "project": picked(words).text,
            "answer": consent.state.value,
            "text": consent.text,
            "asked_at": consent.asked_at,
            "answered_at": consent.answered_at,
        }


def _erase_appeals(account_id: UUID) -> None:
    db.session.execute(update(IdeaAppeal).where(IdeaAppeal.account_id == account_id).values(account_id=None))
    db.session.execute(delete(TextConsent).where(TextConsent.account_id == account_id))


def _appeals_stay(account_id: UUID) -> Iterable[Stays]:
    if db.session.scalar(select(exists().where(IdeaAppeal.account_id == account_id))):
        yield Stays(
            _("The words of your appeal, without your name."),
            _("They belong to the decision about the idea."),
        )


def _decisions(account_id: UUID) -> Iterable[Record]:
    taken = select(IdeaDecision, Idea.title).join(Idea, Idea.id == IdeaDecision.idea_id)
    for decision, title in db.session.execute(taken.where(IdeaDecision.decided_by == account_id)):
        yield {
            "idea": title,
            "decision": decision.decision.value,
            "note": decision.note,
            "at": decision.decided_at,
        }
    given = select(DepartmentOpinion, Idea.title).join(Idea, Idea.id == DepartmentOpinion.idea_id)
    for opinion, title in db.session.execute(given.where(DepartmentOpinion.given_by == account_id)):
        yield {"idea": title, "opinion": opinion.text, "at": opinion.given_at}
    made = select(CostEstimate, Idea.title).join(Idea, Idea.id == CostEstimate.idea_id)
    for estimate, title in db.session.execute(made.where(CostEstimate.made_by == account_id)):
        yield {"idea": title, "estimate": estimate.amount, "reason": estimate.reason, "at": estimate.made_at}
    decided = select(Examination, Idea.title).join(Idea, Idea.id == Examination.idea_id)
    for case, title in db.session.execute(decided.where(Examination.decided_by == account_id)):
        yield {
            "idea": title,
            "verdict": case.verdict.value if case.verdict else "",
            "at": case.decided_at,
        }


def _erase_decisions(account_id: UUID) -> None:
    """Take the account off everything but who decided before an appeal, which an id without an account still tells."""
    db.session.execute(delete(DepartmentMember).where(DepartmentMember.account_id == account_id))
    for column in (
        IdeaDecision.decided_by,
        IdeaAppeal.judged_by,
        DepartmentOpinion.asked_by,
        DepartmentOpinion.given_by,
        CostEstimate.made_by,
        Examination.decided_by,
    ):
        taken_off = update(column.class_).where(column == account_id)
        db.session.execute(taken_off.values({column.key: None}))


def _decisions_stay(account_id: UUID) -> Iterable[Stays]:
    known = or_(
        exists().where(IdeaDecision.decided_by == account_id),
        exists().where(DepartmentOpinion.given_by == account_id),
        exists().where(Examination.decided_by == account_id),
    )
    if db.session.scalar(select(known)):
        yield Stays(
            _("What you decided about ideas for the city, without your name."),
            _("The city answers for its decisions. The audit log says who took them."),
        )


holds(
    Holding(
        "participatory_budget.appeals",
        _l("Appeals about your ideas, and what you say to the text for the ballot"),
        _l("So that somebody looks at a decision again, and nobody's idea is put in wrong words."),
        Basis.PUBLIC_TASK,
        _l("With the edition"),
        _appeals,
        _erase_appeals,
        _appeals_stay,
        tables=("participatory_budget_idea_appeal", "participatory_budget_text_consent"),
    )
)
holds(
    Holding(
        "participatory_budget.decisions",
        _l("Decisions, opinions and estimates that you gave about ideas as one of the staff"),
        _l("So that authors and residents learn why something can be done or not."),
        Basis.PUBLIC_TASK,
        _l("With the edition; what is needed to part merged ideas again for a day"),
        _decisions,
        _erase_decisions,
        _decisions_stay,
        tables=(
            "participatory_budget_idea_decision",
            "participatory_budget_idea_merging",
            "participatory_budget_examination",
            "participatory_budget_department_member",
            "participatory_budget_department_opinion",
            "participatory_budget_criterion_answer",
            "participatory_budget_cost_estimate",
        ),
    )
)
