"""The rules of an edition as they were frozen, and what somebody wants to change in them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk import CityModel, Localized, LocalizedText, impersonal, new_id

from .edition import Edition


class VersionKind(StrEnum):
    """Why there is a version."""

    FIXED = "fixed"
    """The ballot was fixed."""
    OPENED = "opened"
    """The vote was opened earlier than planned."""
    EXTENDED = "extended"
    """The vote closes later."""
    CLOSED = "closed"
    """The vote was closed earlier than planned."""
    CHANGED = "changed"
    """A rule was changed by two people."""


class ChangeState(StrEnum):
    """What became of a change that somebody wants."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class RuleVersion(CityModel):
    """The rules, dates and projects of an edition at one moment; public, and never changed again."""

    __tablename__ = "participatory_budget_rule_version"
    __table_args__ = (
        CheckConstraint("digest = encode(sha256(convert_to(document, 'UTF8')), 'hex')", name="digest"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[VersionKind]
    # The very text that was published: its digest is of these bytes.
    document: Mapped[str] = mapped_column(info=impersonal())
    digest: Mapped[str] = mapped_column(String(64), info=impersonal())
    reason: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    made_at: Mapped[datetime]


class RuleChange(CityModel):
    """A change of frozen rules: one person proposes it with a reason, another one confirms it."""

    __tablename__ = "participatory_budget_rule_change"
    __table_args__ = (
        CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="two_people"),
        Index(
            "participatory_budget_rule_change_one",
            "edition_id",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey(Edition.id, ondelete="CASCADE"), index=True)
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.PROPOSED)
    # What is to be different, by the names that services.settings_of gives the parts of an edition.
    wanted: Mapped[dict[str, object]] = mapped_column(JSONB, default=dict, info=impersonal())
    reason: Mapped[Localized] = mapped_column(LocalizedText, default=dict)
    # The version that the proposer had before her.
    version: Mapped[int]
    # Accounts of staff. Not foreign keys: what was decided stays when somebody leaves.
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
