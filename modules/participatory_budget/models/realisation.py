"""What became of the projects that won: steps, money, news."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk import CityModel, Localized, LocalizedText, impersonal, new_id

from ..rules.realisation.progress import State
from .edition import MONEY, Project


class Realisation(CityModel):
    """A funded project on its way to being done; made when the result is published."""

    __tablename__ = "participatory_budget_realisation"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    state: Mapped[State] = mapped_column(default=State.PLANNED, index=True)
    reason: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    department: Mapped[str] = mapped_column(String(160), default="", info=impersonal())
    budgeted: Mapped[int] = mapped_column(BigInteger, info=MONEY)
    last_news_at: Mapped[datetime] = mapped_column(index=True)
    # When staff were last told that nothing is heard of it; forgotten with the next news.
    told_stale_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    project: Mapped[Project] = relationship(lazy="joined", innerjoin=True)
    milestones: Mapped[list["Milestone"]] = relationship(
        lambda: Milestone,
        order_by=lambda: Milestone.position,
        cascade="all, delete-orphan",
        back_populates="realisation",
    )
    spendings: Mapped[list["Spending"]] = relationship(
        lambda: Spending,
        order_by=lambda: (Spending.day, Spending.created_at, Spending.id),
        cascade="all, delete-orphan",
        back_populates="realisation",
    )


class Milestone(CityModel):
    """A step on the way: when it was to be reached, and when it was."""

    __tablename__ = "participatory_budget_milestone"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(
        ForeignKey(Realisation.project_id, ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[Localized] = mapped_column(LocalizedText)
    planned: Mapped[date | None]
    actual: Mapped[date | None]
    realisation: Mapped[Realisation] = relationship(back_populates="milestones")


class Spending(CityModel):
    """Money that was spent; one that was wrong stays, and the entry that corrects it takes its place in the sum."""

    __tablename__ = "participatory_budget_spending"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(
        ForeignKey(Realisation.project_id, ondelete="CASCADE"), index=True
    )
    day: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger, info=MONEY)
    what: Mapped[str] = mapped_column(String(200), info=impersonal())
    corrects_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("participatory_budget_spending.id", ondelete="CASCADE"), unique=True
    )
    created_at: Mapped[datetime]
    realisation: Mapped[Realisation] = relationship(back_populates="spendings")


class News(CityModel):
    """What the city tells about a project, with a picture where there is one."""

    __tablename__ = "participatory_budget_news"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(
        ForeignKey(Realisation.project_id, ondelete="CASCADE"), index=True
    )
    title: Mapped[Localized] = mapped_column(LocalizedText)
    text: Mapped[Localized] = mapped_column(LocalizedText)
    picture: Mapped[str] = mapped_column(String(60), default="", info=impersonal())
    picture_alt: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    published_at: Mapped[datetime] = mapped_column(index=True)
    realisation: Mapped[Realisation] = relationship()
