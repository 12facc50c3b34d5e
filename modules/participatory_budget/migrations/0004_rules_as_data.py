"""Contests, phases, and further parts of the rules of ballot and count."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0004"
down_revision = "participatory_budget_0003"


def upgrade() -> None:
    """Add the columns and the table."""
    edition = "participatory_budget_edition"
    op.add_column(edition, sa.Column("contests_by", sa.String(32), nullable=False, server_default="one"))
    for name in ("balloting", "counting", "schedule"):
        op.add_column(edition, sa.Column(name, pg.JSONB, nullable=False, server_default="{}"))
    op.create_table(
        "participatory_budget_contest",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "edition_id",
            sa.Uuid,
            sa.ForeignKey(f"{edition}.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("budget", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("balloting", pg.JSONB, nullable=False, server_default="{}"),
        sa.Column("counting", pg.JSONB, nullable=False, server_default="{}"),
        sa.Column("transfer_to", sa.String(80)),
        sa.UniqueConstraint("edition_id", "key"),
    )
