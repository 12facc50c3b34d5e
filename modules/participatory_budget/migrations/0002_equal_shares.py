"""What becomes of money that no voters can spend together, for editions counted by equal shares."""

import sqlalchemy as sa
from alembic import op

revision = "participatory_budget_0002"
down_revision = "participatory_budget_0001"


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("completion", sa.String(32), nullable=False, server_default="add1u")
    op.add_column("participatory_budget_edition", column)
