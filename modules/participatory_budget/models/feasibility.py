"""What staff do with ideas: decisions, appeals, opinions of departments, estimates, and words for the ballot.

Accounts are kept by id without a foreign key: what was decided outlives the account of whoever decided it.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, Localized, LocalizedText, Personal, new_id, personal

from ..rules.feasibility.consents import Consent
from ..rules.feasibility.steps import Answer, Step, Verdict
from ..rules.ideas.states import IdeaState
from ..rules.moderation.decisions import AppealOf, Decision
from .edition import MONEY, Edition, Project
from .ideas import Idea, IdeaComment


class IdeaDecision(CityModel):
    """A decision about an idea, or about a comment to it; `reason` is for the author, `note` for colleagues."""

    __tablename__ = "participatory_budget_idea_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(IdeaComment.id, ondelete="CASCADE"), index=True
    )
    decision: Mapped[Decision]
    decided_by: Mapped[UUID | None] = mapped_column(index=True)
    decided_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[Localized] = mapped_column(LocalizedText, default=dict, info=personal(Personal.WORDS))
    note: Mapped[str] = mapped_column(default="", info=personal(Personal.WORDS))
    # The idea that another one became part of.
    other_idea: Mapped[UUID | None]


class IdeaAppeal(CityModel):
    """Why authors think that a decision is wrong, and what others in the town hall found; once for each matter."""

    __tablename__ = "participatory_budget_idea_appeal"
    __table_args__ = (UniqueConstraint("idea_id", "against"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    against: Mapped[AppealOf]
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(info=personal(Personal.WORDS))
    filed_at: Mapped[datetime]
    # Who had decided, and may not judge the appeal.
    against_whom: Mapped[UUID | None]
    judged_by: Mapped[UUID | None]
    judged_at: Mapped[datetime | None] = mapped_column(index=True)
    granted: Mapped[bool | None]


class IdeaMerging(CityModel):
    """What went along when an idea became part of another, kept for a day so that it can be taken back."""

    __tablename__ = "participatory_budget_idea_merging"

    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), primary_key=True)
    into_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    merged_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[IdeaState]
    author_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    comment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    # Who supported the idea, under the names that IdeaSupport has.
    supporters: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    # Which of these supported the other idea, too.
    doubles: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))


class RefusalReason(CityModel):
    """A text that moderators choose when they refuse, ask or hide; an edition without any has the usual ones."""

    __tablename__ = "participatory_budget_refusal_reason"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    text: Mapped[Localized] = mapped_column(LocalizedText, default=dict)


class Criterion(CityModel):
    """A question that departments answer with yes, no or with changes."""

    __tablename__ = "participatory_budget_criterion"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    hint: Mapped[Localized] = mapped_column(LocalizedText, default=dict)


class Department(CityModel):
    """A part of the town hall that gives opinions, and how many days it has for one."""

    __tablename__ = "participatory_budget_department"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    days: Mapped[int] = mapped_column(default=14)


class DepartmentMember(CityModel):
    """Somebody who answers for a department."""

    __tablename__ = "participatory_budget_department_member"

    department_id: Mapped[UUID] = mapped_column(
        ForeignKey(Department.id, ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


class Examination(CityModel):
    """How far the town hall is with an idea, and what it says; `step` and `round` follow rules.feasibility.steps."""

    __tablename__ = "participatory_budget_examination"

    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    step: Mapped[Step] = mapped_column(index=True)
    round: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[datetime]
    verdict: Mapped[Verdict | None]
    opinion: Mapped[Localized] = mapped_column(LocalizedText, default=dict, info=personal(Personal.WORDS))
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    # Who decided in the first round, and may not decide again.
    first_decided_by: Mapped[UUID | None]
    # What was published last; what is being decided anew is nobody's business until then.
    told_verdict: Mapped[Verdict | None]
    told_opinion: Mapped[Localized] = mapped_column(
        LocalizedText, default=dict, info=personal(Personal.WORDS)
    )
    published_at: Mapped[datetime | None]
    appeal_until: Mapped[datetime | None] = mapped_column(index=True)
    # Why a feasible idea does not come on the ballot.
    left_out: Mapped[Localized | None] = mapped_column(LocalizedText)
    version: Mapped[int] = mapped_column(default=1)


class DepartmentOpinion(CityModel):
    """A department is asked about an idea by a day, and what it answered."""

    __tablename__ = "participatory_budget_department_opinion"
    __table_args__ = (UniqueConstraint("idea_id", "department_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey(Department.id, ondelete="CASCADE"), index=True)
    round: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    due_on: Mapped[date] = mapped_column(index=True)
    given_at: Mapped[datetime | None] = mapped_column(index=True)
    given_by: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(default="", info=personal(Personal.WORDS))
    version: Mapped[int] = mapped_column(default=1)


class CriterionAnswer(CityModel):
    """What a department says to one criterion."""

    __tablename__ = "participatory_budget_criterion_answer"

    opinion_id: Mapped[UUID] = mapped_column(
        ForeignKey(DepartmentOpinion.id, ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey(Criterion.id, ondelete="CASCADE"), primary_key=True)
    answer: Mapped[Answer]
    text: Mapped[str] = mapped_column(default="", info=personal(Personal.WORDS))


class CostEstimate(CityModel):
    """What an idea would cost as somebody saw it on a day; the newest holds, none is ever changed."""

    __tablename__ = "participatory_budget_cost_estimate"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger, info=MONEY)
    reason: Mapped[str] = mapped_column(String(500), default="", info=personal(Personal.WORDS))
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]


class TextConsent(CityModel):
    """What an author says to the words with which the city puts her idea on the ballot."""

    __tablename__ = "participatory_budget_text_consent"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    state: Mapped[Consent] = mapped_column(default=Consent.ASKED)
    text: Mapped[str] = mapped_column(default="", info=personal(Personal.WORDS))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
