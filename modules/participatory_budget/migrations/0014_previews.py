"""What other rules would have made of the ballots of a past vote."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0014"
down_revision = "participatory_budget_0013"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    reference = sa.ForeignKey("participatory_budget_edition.id", ondelete="CASCADE")
    op.create_table(
        "participatory_budget_preview",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("edition_id", sa.Uuid, reference, nullable=False, index=True),
        sa.Column("laws", pg.JSONB, nullable=False),
        sa.Column("found", pg.JSONB),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("finished_at", instant),
    )
