"""Who voted and what was voted: two tables with no key, time or order in common.

The roll says who; the ballot box says what, under a slot that only the salt of an open edition connects
to a voter. Sealing rewrites the ballots in the order of their slots and destroys the salt
(docs/decisions/0006-secret-ballot.md).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, impersonal

from ..rules.ways import Channel
from .edition import Edition


class RollEntry(CityModel):
    """Somebody has voted; not when, and not what."""

    __tablename__ = "participatory_budget_roll"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    voter: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class Ballot(CityModel):
    """A ballot that can still be changed; gone when the edition is sealed."""

    __tablename__ = "participatory_budget_ballot"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    slot: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    version: Mapped[int]
    # What it says, as its type stores it (rules.marks).
    choices: Mapped[bytes] = mapped_column(LargeBinary)
    # Whose contest the voter takes part in beside that of the whole city; empty for none.
    district: Mapped[str] = mapped_column(String(80), default="", info=impersonal())
    channel: Mapped[Channel] = mapped_column(default=Channel.WEB)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)


class Draft(CityModel):
    """What a voter has chosen and not confirmed; deleted when she confirms or the vote closes."""

    __tablename__ = "participatory_budget_draft"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    voter: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    choices: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    # Points, places or grades by the numbers of the projects; None where a project is only named.
    marks: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True), info=impersonal())
    # None before the voter has said in which district she votes, empty for none.
    district: Mapped[str | None] = mapped_column(String(80), info=impersonal())
    updated_at: Mapped[datetime]


class Turnout(CityModel):
    """How many people voted for the first time in one hour."""

    __tablename__ = "participatory_budget_turnout"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    voters: Mapped[int]
