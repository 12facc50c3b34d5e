"""Votes by code."""

import sqlalchemy as sa
from alembic import op

revision = "participatory_budget_0008"
down_revision = "participatory_budget_0007"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "participatory_budget_admission",
        sa.Column("secret_hash", sa.String(64), primary_key=True),
        _edition_id(index=True),
        sa.Column("voter", sa.LargeBinary, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("expires_at", instant, nullable=False, index=True),
    )
    op.create_table(
        "participatory_budget_person_key",
        _edition_id(primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("voter", sa.LargeBinary, nullable=False),
        sa.Index("ix_participatory_budget_person_key_voter", "edition_id", "voter"),
    )


def _edition_id(*, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey("participatory_budget_edition.id", ondelete="CASCADE")
    return sa.Column("edition_id", sa.Uuid, reference, nullable=False, primary_key=primary_key, index=index)
