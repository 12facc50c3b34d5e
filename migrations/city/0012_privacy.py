"""What people asked for about their own data."""

import sqlalchemy as sa
from alembic import op

revision = "city_0012"
down_revision = "city_0011"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "account_download",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("made_at", instant),
        sa.Column("bytes", sa.Integer, nullable=False),
    )
    op.create_table(
        "account_departure",
        sa.Column("address", sa.LargeBinary(32), primary_key=True),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("until", instant, nullable=False),
    )
