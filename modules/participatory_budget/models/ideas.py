"""Ideas of residents: what they propose, who with, what others say to it and who supports it.

Who supports an idea stands under a hash that only this deployment can make; nobody can list an idea's supporters.
Accounts are kept by id without a foreign key: an idea outlives the account of its author.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import (
    CityModel,
    Localized,
    LocalizedText,
    Personal,
    impersonal,
    left_out,
    new_id,
    personal,
)

from ..rules.ideas.states import CommentState, Happening, IdeaState, Joining, ReportReason, Source
from .edition import MONEY, Edition, Project


class Idea(CityModel):
    """What a resident proposes; `number` counts the ideas of an edition from 1 as they are handed in."""

    __tablename__ = "participatory_budget_idea"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    number: Mapped[int | None]
    state: Mapped[IdeaState] = mapped_column(default=IdeaState.DRAFT, index=True)
    title: Mapped[str] = mapped_column(String(120), default="", info=personal(Personal.WORDS))
    text: Mapped[str] = mapped_column(default="", info=personal(Personal.WORDS))
    language: Mapped[str] = mapped_column(String(10), default="", info=impersonal())
    category: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    district: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    place: Mapped[str] = mapped_column(String(200), default="", info=personal(Personal.WORDS))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    # What its author thinks it costs; what departments say is an estimate of its own.
    cost: Mapped[int | None] = mapped_column(BigInteger, info=MONEY)
    # The first author; None when the account is gone or staff wrote the idea down for somebody.
    author_id: Mapped[UUID | None] = mapped_column(index=True)
    author_name: Mapped[str] = mapped_column(String(120), default="", info=personal(Personal.NAME))
    source: Mapped[Source] = mapped_column(default=Source.WEB)
    # The account of the member of staff who wrote it down.
    recorded_by: Mapped[UUID | None]
    # Why a machine doubts that a resident wrote it (rules.ideas.doubts); staff see it.
    doubts: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, info=impersonal())
    supports: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    submitted_at: Mapped[datetime | None]
    # When it shows by itself, where the edition lets its hours run.
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    merged_into: Mapped[UUID | None] = mapped_column(
        ForeignKey("participatory_budget_idea.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(default=1)


class IdeaAuthor(CityModel):
    """Somebody beside the first author: invited, or one of the authors."""

    __tablename__ = "participatory_budget_idea_author"
    __table_args__ = (UniqueConstraint("idea_id", "email"), UniqueConstraint("idea_id", "account_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    state: Mapped[Joining] = mapped_column(default=Joining.INVITED)
    # The address of an invitation; None from its answer on, when the account stands for it.
    email: Mapped[str | None] = mapped_column(String(254), index=True, info=personal(Personal.EMAIL))
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(120), default="", info=personal(Personal.NAME))
    # The hash of the secret in the mail; None when it was answered.
    token: Mapped[str | None] = mapped_column(String(64), unique=True, info=personal(Personal.SECRET))
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class IdeaFile(CityModel):
    """A photo or document of an idea; the file itself is an upload of the platform."""

    __tablename__ = "participatory_budget_idea_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    upload_id: Mapped[UUID] = mapped_column(unique=True)
    position: Mapped[int]
    is_picture: Mapped[bool]
    # What a picture shows, for those who do not see it; the title of a document.
    description: Mapped[str] = mapped_column(String(200), default="", info=personal(Personal.WORDS))


class IdeaEvent(CityModel):
    """A line of an idea's history; a changed text keeps what stood there before."""

    __tablename__ = "participatory_budget_idea_event"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    kind: Mapped[Happening]
    happened_at: Mapped[datetime]
    # What staff say to it, for everyone to read.
    note: Mapped[Localized] = mapped_column(LocalizedText, default=dict, info=personal(Personal.WORDS))
    earlier_title: Mapped[str] = mapped_column(String(120), default="", info=personal(Personal.WORDS))
    earlier_text: Mapped[str] = mapped_column(default="", info=personal(Personal.WORDS))
    other_idea: Mapped[UUID | None]


class IdeaComment(CityModel):
    """What somebody says to an idea, or to a comment of the first level."""

    __tablename__ = "participatory_budget_idea_comment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("participatory_budget_idea_comment.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[CommentState] = mapped_column(default=CommentState.VISIBLE, index=True)
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    author_name: Mapped[str] = mapped_column(String(120), default="", info=personal(Personal.NAME))
    # Whether somebody of the city's staff speaks for the city.
    is_official: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(info=personal(Personal.WORDS))
    language: Mapped[str] = mapped_column(String(10), default="", info=impersonal())
    doubts: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, info=impersonal())
    written_at: Mapped[datetime] = mapped_column(index=True)
    edited_at: Mapped[datetime | None]
    # Why staff hid it, for its author.
    note: Mapped[Localized] = mapped_column(LocalizedText, default=dict, info=personal(Personal.WORDS))


class IdeaSupport(CityModel):
    """One person supports one idea; `place` is which of her supports it is, so that no two take the same."""

    __tablename__ = "participatory_budget_idea_support"
    __table_args__ = (UniqueConstraint("edition_id", "supporter", "place"),)

    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), primary_key=True)
    supporter: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    place: Mapped[int]


class KeptWords(CityModel):
    """What somebody sent when her session had ended: kept for the hours in which she signs in and goes on."""

    __tablename__ = "participatory_budget_idea_kept"
    __table_args__ = ({"info": left_out("Forms on their way, for a few hours.")},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    words: Mapped[dict[str, object]] = mapped_column(JSONB, info=personal(Personal.WORDS))
    kept_at: Mapped[datetime] = mapped_column(index=True)


class IdeaReport(CityModel):
    """Somebody found that an idea, or a comment to it, should not be shown."""

    __tablename__ = "participatory_budget_idea_report"
    __table_args__ = (
        UniqueConstraint("idea_id", "comment_id", "reporter", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    idea_id: Mapped[UUID] = mapped_column(ForeignKey(Idea.id, ondelete="CASCADE"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(IdeaComment.id, ondelete="CASCADE"), index=True
    )
    # A hash of the account, so that staff see how many people report and not who.
    reporter: Mapped[bytes] = mapped_column(LargeBinary(32))
    reason: Mapped[ReportReason]
    note: Mapped[str] = mapped_column(String(500), default="", info=personal(Personal.WORDS))
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)


class ProjectIdea(CityModel):
    """A project on the ballot comes from an idea; one from several, or one idea in several projects."""

    __tablename__ = "participatory_budget_project_idea"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    idea_id: Mapped[UUID] = mapped_column(
        ForeignKey(Idea.id, ondelete="CASCADE"), primary_key=True, index=True
    )
