"""Who can vote in an edition, where not everyone with an account can."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0003"
down_revision = "participatory_budget_0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("participatory_budget_edition", sa.Column("eligibility", pg.JSONB))
