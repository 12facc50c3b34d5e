"""Votes by code."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0008"
down_revision = "participatory_budget_0007"
instant = sa.DateTime(timezone=True)
prefix = "participatory_budget_"


def upgrade() -> None:
    """Create the tables; until something else is stored, people vote with an account."""
    op.add_column(f"{prefix}edition", sa.Column("voting_ways", pg.JSONB, nullable=False, server_default="{}"))
    op.create_table(
        f"{prefix}admission",
        sa.Column("secret_hash", sa.String(64), primary_key=True),
        _edition_id(index=True),
        sa.Column("voter", sa.LargeBinary, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("expires_at", instant, nullable=False, index=True),
    )
    op.create_table(
        f"{prefix}one_time_code",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("sent", sa.Boolean, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False, index=True),
        sa.Index(f"ix_{prefix}one_time_code_code", "edition_id", "code_hash"),
    )
    op.create_table(
        f"{prefix}person_key",
        _edition_id(primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("voter", sa.LargeBinary, nullable=False),
        sa.Index(f"ix_{prefix}person_key_voter", "edition_id", "voter"),
    )
    _letters()
    _doubts()


def _letters() -> None:
    op.create_table(
        f"{prefix}letter_batch",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(index=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("voided_at", instant),
        sa.Column("void_reason", sa.String(300), nullable=False),
    )
    op.create_table(
        f"{prefix}letter",
        _edition_id(primary_key=True),
        sa.Column("voter", sa.LargeBinary, primary_key=True),
        sa.Column(
            "batch_id", sa.Uuid, sa.ForeignKey(f"{prefix}letter_batch.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("district", sa.String(80), nullable=False),
        sa.Column("identity", sa.LargeBinary),
        sa.Column("voided_at", instant),
        sa.Column("void_reason", sa.String(300), nullable=False),
        sa.Index(f"ix_{prefix}letter_batch", "batch_id", "serial", unique=True),
    )


def _doubts() -> None:
    op.create_table(
        f"{prefix}let_in",
        _edition_id(primary_key=True),
        sa.Column("voter", sa.LargeBinary, primary_key=True),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("network", sa.LargeBinary, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Index(f"ix_{prefix}let_in_network", "edition_id", "network", "at"),
    )
    op.create_table(
        f"{prefix}failed_tries",
        _edition_id(primary_key=True),
        sa.Column("network", sa.LargeBinary, primary_key=True),
        sa.Column("at", instant, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_table(
        f"{prefix}challenge",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(),
        sa.Column("voter", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("raised_by", sa.Uuid, nullable=False),
        sa.Column("raised_at", instant, nullable=False),
        sa.Column("upheld", sa.Boolean),
        sa.Column("decision", sa.String(300), nullable=False),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", instant),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> raised_by", name="two_people"),
        sa.Index(f"ix_{prefix}challenge_voter", "edition_id", "voter", unique=True),
    )


def _edition_id(*, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey(f"{prefix}edition.id", ondelete="CASCADE")
    return sa.Column("edition_id", sa.Uuid, reference, nullable=False, primary_key=primary_key, index=index)
