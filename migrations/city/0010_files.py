"""Uploaded files: what they are, how large, and whether they were found clean."""

import sqlalchemy as sa
from alembic import op

revision = "city_0010"
down_revision = "city_0009"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    sender = sa.ForeignKey("account.id", ondelete="SET NULL")
    op.create_table(
        "file",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("use", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sender_id", sa.Uuid, sender, index=True),
        sa.Column("scan", sa.String(32), nullable=False),
        sa.Column("found", sa.String(200), nullable=False),
        sa.Column("created_at", instant, nullable=False, index=True),
        sa.Column("scanned_at", instant),
        sa.Column("attached_at", instant),
    )
