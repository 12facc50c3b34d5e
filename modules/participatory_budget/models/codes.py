"""Voters without an account: what they proved, for how long they may vote, and what keeps them from voting twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, Personal, left_out, personal

from ..rules.ways import Channel, KeyKind
from .edition import Edition

OF_THIS_DEPLOYMENT = "It is good in one browser, on this deployment, for an hour."


class Admission(CityModel):
    """A browser in which somebody without an account may vote in one edition; gone when she leaves or the vote ends.

    How to reach her and what she said about herself is sealed: only this deployment can read it.
    """

    __tablename__ = "participatory_budget_admission"
    __table_args__ = ({"info": left_out(OF_THIS_DEPLOYMENT)},)

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    voter: Mapped[bytes] = mapped_column(LargeBinary(32))
    channel: Mapped[Channel]
    sealed: Mapped[str] = mapped_column(info=personal(Personal.SECRET))
    language: Mapped[str] = mapped_column(String(8))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PersonKey(CityModel):
    """Something that only one voter of an edition can have: her address, telephone or line on a list, hashed.

    It says under which name on the roll she stands, and nothing of her ballot.
    """

    __tablename__ = "participatory_budget_person_key"
    __table_args__ = (
        # All keys of one voter, to let go of them together.
        Index("ix_participatory_budget_person_key_voter", "edition_id", "voter"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[KeyKind] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    voter: Mapped[bytes] = mapped_column(LargeBinary(32))
