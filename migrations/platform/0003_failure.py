"""Errors that nobody foresaw, which their readers report by a reference."""

import sqlalchemy as sa
from alembic import op

revision = "platform_0003"
down_revision = "platform_0002"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "failure",
        sa.Column("reference", sa.String(12), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False, unique=True),
        sa.Column("city_id", sa.String(20), index=True),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("trace", sa.Text, nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_at", instant, nullable=False),
        sa.Column("last_at", instant, nullable=False, index=True),
        schema="platform",
    )
