"""Turnout by district, channel, age class and sex; the census; ballots that were not taken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0013"
down_revision = "participatory_budget_0012"

EDITION = "participatory_budget_edition"


def upgrade() -> None:
    """Make the tables."""
    op.add_column(EDITION, sa.Column("statistics", pg.JSONB, nullable=False, server_default="{}"))
    op.create_table(
        "participatory_budget_arrival",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition(index=True),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voters", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("district", sa.String(80), nullable=False),
        sa.Column("age", sa.String(8), nullable=False),
        sa.Column("sex", sa.String(80), nullable=False),
    )
    _counted("participatory_budget_turnout_share", "voters")
    _counted("participatory_budget_census", "people")
    op.create_table(
        "participatory_budget_attempt",
        _edition(primary_key=True),
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("what", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )


def _counted(table: str, what: str) -> None:
    op.create_table(
        table,
        _edition(primary_key=True),
        sa.Column("dimension", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(80), primary_key=True),
        sa.Column(what, sa.Integer, nullable=False),
    )


def _edition(*, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    target = sa.ForeignKey(f"{EDITION}.id", ondelete="CASCADE")
    return sa.Column("edition_id", sa.Uuid, target, primary_key=primary_key, nullable=False, index=index)
