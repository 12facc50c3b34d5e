"""Five tables."""

import sqlalchemy as sa
from alembic import op

revision = "service00_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    for number in range(5):
        name, parent = f"service00_table{number}", f"service00_table{max(number - 1, 0)}"
        op.create_table(
            name,
            sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
            sa.Column("title", sa.String(120), nullable=False),
            sa.Column("state", sa.String(20), nullable=False),
            sa.Column("body", sa.Text, nullable=False),
            sa.Column("parent_id", sa.BigInteger, sa.ForeignKey(f"{parent}.id"), index=True),
        )
