"""An edition, its categories and districts, and the projects on its ballot."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk import CityModel, Localized, LocalizedText, impersonal, in_unit, new_id

from ..rules.ballots import BallotType
from ..rules.contests import ContestsBy
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method
from ..rules.phases import Stage, Window
from ..rules.ties import TieBreak

MONEY = in_unit("minor units of the currency of the edition")


class Edition(CityModel):
    """One round of the participatory budget; money in minor units of the city's currency."""

    __tablename__ = "participatory_budget_edition"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(80), unique=True, info=impersonal())
    stage: Mapped[Stage] = mapped_column(default=Stage.DRAFT, index=True)
    title: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    description: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    result_note: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    source: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    ballot_type: Mapped[BallotType] = mapped_column(default=BallotType.APPROVAL)
    max_choices: Mapped[int | None]
    max_per_category: Mapped[int | None]
    budget: Mapped[int] = mapped_column(BigInteger, default=0, info=MONEY)
    currency: Mapped[str] = mapped_column(String(3), info=impersonal())
    method: Mapped[Method] = mapped_column(default=Method.GREEDY_SKIP)
    tie_break: Mapped[TieBreak] = mapped_column(default=TieBreak.CHEAPER_FIRST)
    min_votes: Mapped[int] = mapped_column(default=1)
    completion: Mapped[Completion] = mapped_column(default=Completion.ADD1U)
    # A rule of the platform (read_eligibility); None where everyone with an account can vote.
    eligibility: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True), info=impersonal())
    contests_by: Mapped[ContestsBy] = mapped_column(default=ContestsBy.ONE)
    # Further parts of the rules, by the names of the fields of BallotRule and Rule.
    balloting: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    counting: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    # Draws the lots among equals; secret until the count, its digest is published with the frozen rules.
    lot_seed: Mapped[str | None] = mapped_column(String(200), info=impersonal())
    # When each phase but the vote lasts, and what staff have set for it (rules.schedule).
    schedule: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    # How ideas are taken and supported (rules.ideas.rules).
    idea_rules: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    # How staff look at ideas (rules.feasibility.flows).
    review_rules: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    # With what people vote (rules.ways); empty for an account.
    voting_ways: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    # When staff said that all ballots on paper are in the box; the sealing waits for it.
    paper_done_at: Mapped[datetime | None]
    # How its projects are followed until they are done, and what is shown of the turnout (services.statistics).
    realisation: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    statistics: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    # Random until the ballots are sealed, then gone: without it nobody can tell whose ballot is whose.
    slot_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime | None]
    # Over the leaves of all receipts; none where the release before has sealed, or where there are no receipts.
    receipts_root: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    published_at: Mapped[datetime | None]
    # When a result that two people have certified is to be shown; None before they have.
    publish_at: Mapped[datetime | None]
    imported: Mapped[bool] = mapped_column(default=False)
    # GeoJSON (RFC 7946): a feature for each district, told by its name; large, so read only where it is drawn.
    outlines: Mapped[dict[str, object] | None] = mapped_column(
        JSONB(none_as_null=True), deferred=True, info=impersonal()
    )
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    categories: Mapped[list["Category"]] = relationship(
        lambda: Category,
        order_by=lambda: Category.position,
        back_populates="edition",
        cascade="all, delete-orphan",
    )
    districts: Mapped[list["District"]] = relationship(
        lambda: District,
        order_by=lambda: District.position,
        back_populates="edition",
        cascade="all, delete-orphan",
    )
    contests: Mapped[list["Contest"]] = relationship(
        lambda: Contest,
        order_by=lambda: Contest.position,
        back_populates="edition",
        cascade="all, delete-orphan",
    )
    projects: Mapped[list["Project"]] = relationship(
        lambda: Project,
        order_by=lambda: Project.number,
        back_populates="edition",
        cascade="all, delete-orphan",
    )

    @property
    def window(self) -> Window | None:
        """Return when the vote is open; None while a date is missing."""
        return Window(self.opens_at, self.closes_at) if self.opens_at and self.closes_at else None

    @property
    def envelopes(self) -> dict[str, int]:
        """Return the money of each category; empty when all projects compete for one budget."""
        return {c.key: c.envelope for c in self.categories if c.envelope is not None}


class Contest(CityModel):
    """A part of the vote that is counted alone, with money and, where it says so, limits of its own.

    Its key is that of the district whose projects compete in it, or empty for those of the whole city. An edition
    in which all projects stand together has none.
    """

    __tablename__ = "participatory_budget_contest"
    __table_args__ = (UniqueConstraint("edition_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(80), info=impersonal())
    position: Mapped[int]
    budget: Mapped[int] = mapped_column(BigInteger, default=0, info=MONEY)
    # What differs from the edition's own rules, as there.
    balloting: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    counting: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    # The key of the contest that gets what is left; None where it stays.
    transfer_to: Mapped[str | None] = mapped_column(String(80), info=impersonal())
    edition: Mapped[Edition] = relationship(back_populates="contests")


class Category(CityModel):
    """A theme of an edition, with its own money where the edition has envelopes."""

    __tablename__ = "participatory_budget_category"
    __table_args__ = (UniqueConstraint("edition_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(80), info=impersonal())
    position: Mapped[int]
    name: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    envelope: Mapped[int | None] = mapped_column(BigInteger, info=MONEY)
    edition: Mapped[Edition] = relationship(back_populates="categories")


class District(CityModel):
    """A part of the city that projects can be for."""

    __tablename__ = "participatory_budget_district"
    __table_args__ = (UniqueConstraint("edition_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(80), info=impersonal())
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), info=impersonal())
    edition: Mapped[Edition] = relationship(back_populates="districts")


class Project(CityModel):
    """A project on the ballot; `number` is its place in the declared order and what ballots carry."""

    __tablename__ = "participatory_budget_project"
    __table_args__ = (UniqueConstraint("edition_id", "number"), UniqueConstraint("edition_id", "reference"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(40), info=impersonal())
    title: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    cost: Mapped[int] = mapped_column(BigInteger, info=MONEY)
    category: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    district: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    picture: Mapped[str] = mapped_column(String(60), default="", info=impersonal())
    picture_alt: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    excluded: Mapped[Localized | None] = mapped_column(LocalizedText)
    official_selected: Mapped[int | None]
    official_votes: Mapped[int | None]
    edition: Mapped[Edition] = relationship(back_populates="projects")
