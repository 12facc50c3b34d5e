"""Voters without an account: what they proved, for how long they may vote, and what keeps them from voting twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, Personal, impersonal, left_out, new_id, personal

from ..rules.ways import Channel, KeyKind, Way
from .edition import Edition

OF_THIS_DEPLOYMENT = "It is good in one browser, on this deployment, for an hour."
GOOD_FOR_MINUTES = "It is good on this deployment, for minutes."


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


class OneTimeCode(CityModel):
    """A code that was sent to somebody, or that an officer has handed to her; gone once it is used.

    The code itself follows from the id under the key of this deployment; only a hash of it is kept, to find it by.
    """

    __tablename__ = "participatory_budget_one_time_code"
    __table_args__ = (
        Index("ix_participatory_budget_one_time_code_code", "edition_id", "code_hash"),
        {"info": left_out(GOOD_FOR_MINUTES)},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    way: Mapped[Way]
    # Whose it is: a hash of her address or number, or of what an officer has typed about her.
    person: Mapped[bytes] = mapped_column(LargeBinary(32))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed: Mapped[str] = mapped_column(info=personal(Personal.SECRET))
    language: Mapped[str] = mapped_column(String(8))
    # Whether it was sent; not, when its address has had enough of them just then.
    sent: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LetterBatch(CityModel):
    """Codes that were printed together."""

    __tablename__ = "participatory_budget_letter_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120), info=impersonal())
    number: Mapped[int]
    made_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(300), default="", info=personal(Personal.WORDS))


class Letter(CityModel):
    """One printed code, kept as the name on the roll that follows from it; `serial` is its number in the batch."""

    __tablename__ = "participatory_budget_letter"
    __table_args__ = (Index("ix_participatory_budget_letter_batch", "batch_id", "serial", unique=True),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    voter: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(LetterBatch.id, ondelete="CASCADE"))
    serial: Mapped[int]
    district: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    # A hash of her name and birth date, where the list that was printed has them.
    identity: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(300), default="", info=personal(Personal.WORDS))


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


class LetIn(CityModel):
    """Somebody was let in without an account: from which part of the network, in which ten minutes. No choice."""

    __tablename__ = "participatory_budget_let_in"
    __table_args__ = (
        Index("ix_participatory_budget_let_in_network", "edition_id", "network", "at"),
        {"info": left_out("A trace of one vote on this deployment, gone soon after the close.")},
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    voter: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    way: Mapped[Way]
    network: Mapped[bytes] = mapped_column(LargeBinary(8))
    at: Mapped[datetime]


class FailedTries(CityModel):
    """How many codes that do not work were typed from one part of the network in ten minutes."""

    __tablename__ = "participatory_budget_failed_tries"
    __table_args__ = (
        {"info": left_out("A trace of one vote on this deployment, gone soon after the close.")},
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    network: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]


class Challenge(CityModel):
    """Somebody doubts that a voter may vote; another person decides, before the ballots are sealed."""

    __tablename__ = "participatory_budget_challenge"
    __table_args__ = (
        # Who doubts does not decide.
        CheckConstraint("decided_by IS NULL OR decided_by <> raised_by", name="two_people"),
        Index("ix_participatory_budget_challenge_voter", "edition_id", "voter", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"))
    voter: Mapped[bytes] = mapped_column(LargeBinary(32))
    reason: Mapped[str] = mapped_column(String(300), info=personal(Personal.WORDS))
    raised_by: Mapped[UUID]
    raised_at: Mapped[datetime]
    upheld: Mapped[bool | None]
    decision: Mapped[str] = mapped_column(String(300), default="", info=personal(Personal.WORDS))
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
