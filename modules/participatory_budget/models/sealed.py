"""What is left of a vote once it is sealed: ballots and receipts that nothing connects to a person."""

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, impersonal

from ..rules.ways import Channel
from .edition import Edition


class SealedBallot(CityModel):
    """A ballot as it is counted and published."""

    __tablename__ = "participatory_budget_sealed_ballot"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    # Its place among all of the edition, contest by contest and within it in the order of what they say.
    position: Mapped[int] = mapped_column(primary_key=True)
    # What one voter said in two contests are two ballots, and nothing leads from one to the other.
    contest: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    choices: Mapped[bytes] = mapped_column(LargeBinary)


class SealedReceipt(CityModel):
    """The leaf of a counted ballot's receipt; nothing says which ballot."""

    __tablename__ = "participatory_budget_sealed_receipt"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class ChannelTotal(CityModel):
    """How many ballots of a contest came by each channel; which ones is not known."""

    __tablename__ = "participatory_budget_channel_total"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    contest: Mapped[str] = mapped_column(String(80), primary_key=True, info=impersonal())
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    ballots: Mapped[int]
