"""How many take part, by what they have in common; never who, and never what they chose.

An arrival is written in the transaction of a ballot, and tells only together with it. Arrivals are added up, many at a
time, into numbers that a transaction of its own writes: those are no longer tied to any name on the roll
(docs/decisions/0033-turnout-and-realisation.md).
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, impersonal

from ..rules.statistics.census import Dimension
from ..rules.ways import Channel
from .edition import Edition


class Arrival(CityModel):
    """Somebody has voted for the first time, or has taken her vote back (-1); soon added up, then deleted.

    The id is random: nothing says in which order they came.
    """

    __tablename__ = "participatory_budget_arrival"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    hour: Mapped[datetime]
    voters: Mapped[int]
    channel: Mapped[Channel]
    district: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    age: Mapped[str] = mapped_column(String(8), default="", info=impersonal())
    sex: Mapped[str] = mapped_column(String(80), default="", info=impersonal())


class TurnoutShare(CityModel):
    """How many voters have one thing in common; the empty value counts those of whom it is not known."""

    __tablename__ = "participatory_budget_turnout_share"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(80), primary_key=True, info=impersonal())
    voters: Mapped[int]


class CensusCell(CityModel):
    """How many people live in the city, by what they have in common, as its staff have said."""

    __tablename__ = "participatory_budget_census"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(80), primary_key=True, info=impersonal())
    people: Mapped[int]


class Attempted(StrEnum):
    """Why a ballot was sent and not taken."""

    TWICE = "twice"
    """Another ballot of the same person lay in the box already."""
    BROKE_RULE = "broke-rule"
    NOT_ELIGIBLE = "not-eligible"
    NOT_OPEN = "not-open"


class Attempt(CityModel):
    """How many ballots were not taken in one hour, and why; not whose."""

    __tablename__ = "participatory_budget_attempt"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    what: Mapped[Attempted] = mapped_column(primary_key=True)
    number: Mapped[int]
