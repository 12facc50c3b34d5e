"""The realisation of projects: steps, money, news, pictures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0012"
down_revision = "participatory_budget_0011"

EDITION = "participatory_budget_edition"
REALISATION = "participatory_budget_realisation"


def upgrade() -> None:
    """Make the tables."""
    op.add_column(EDITION, sa.Column("realisation", pg.JSONB, nullable=False, server_default="{}"))
    op.create_table(
        REALISATION,
        sa.Column(
            "project_id",
            sa.Uuid,
            sa.ForeignKey("participatory_budget_project.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        sa.Column("reason", pg.JSONB, nullable=False),
        sa.Column("department", sa.String(160), nullable=False),
        sa.Column("budgeted", sa.BigInteger, nullable=False),
        sa.Column("last_news_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("told_stale_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "participatory_budget_milestone",
        sa.Column("id", sa.Uuid, primary_key=True),
        _project(),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", pg.JSONB, nullable=False),
        sa.Column("planned", sa.Date),
        sa.Column("actual", sa.Date),
    )
    op.create_table(
        "participatory_budget_spending",
        sa.Column("id", sa.Uuid, primary_key=True),
        _project(),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column(
            "corrects_id", sa.Uuid, sa.ForeignKey("participatory_budget_spending.id", ondelete="CASCADE")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("corrects_id"),
    )
    op.create_table(
        "participatory_budget_news",
        sa.Column("id", sa.Uuid, primary_key=True),
        _project(),
        sa.Column("title", pg.JSONB, nullable=False),
        sa.Column("text", pg.JSONB, nullable=False),
        sa.Column("picture", sa.String(60), nullable=False),
        sa.Column("picture_alt", pg.JSONB, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def _project() -> sa.Column[object]:
    target = sa.ForeignKey(f"{REALISATION}.project_id", ondelete="CASCADE")
    return sa.Column("project_id", sa.Uuid, target, nullable=False, index=True)
