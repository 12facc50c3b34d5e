"""Ballots with points, ranks and grades, in several contests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0006"
down_revision = "participatory_budget_0005"


def upgrade() -> None:
    """Add the columns; the release before goes on reading and writing `choices`."""
    ballot, draft = "participatory_budget_ballot", "participatory_budget_draft"
    op.add_column(ballot, sa.Column("district", sa.String(80), nullable=False, server_default=""))
    op.add_column(ballot, sa.Column("channel", sa.String(32), nullable=False, server_default="web"))
    op.add_column(draft, sa.Column("district", sa.String(80)))
    op.add_column(draft, sa.Column("marks", pg.JSONB))
