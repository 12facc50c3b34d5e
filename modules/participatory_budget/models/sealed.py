"""What is left of a vote once it is sealed: ballots and receipts that nothing connects to a person."""

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel

from .edition import Edition


class SealedBallot(CityModel):
    """A ballot as it is counted and published."""

    __tablename__ = "participatory_budget_sealed_ballot"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    choices: Mapped[bytes] = mapped_column(LargeBinary)


class SealedReceipt(CityModel):
    """The leaf of a counted ballot's receipt; nothing says which ballot."""

    __tablename__ = "participatory_budget_sealed_receipt"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
