"""Heads of the cities' audit logs, noted where no city can write."""

import sqlalchemy as sa
from alembic import op

revision = "platform_0004"
down_revision = "platform_0003"


def upgrade() -> None:
    """Create the table."""
    reference = sa.ForeignKey("platform.city.id", ondelete="CASCADE")
    op.create_table(
        "audit_anchor",
        sa.Column("city_id", sa.String(20), reference, primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        schema="platform",
    )
