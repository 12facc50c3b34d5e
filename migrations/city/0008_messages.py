"""Messages to very many people, and what it takes to reach them by phone and browser."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "city_0008"
down_revision = "city_0007"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "refused_address",
        sa.Column("email", sa.String(254), primary_key=True),
        sa.Column("status", sa.String(300), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
    )
    op.create_table(
        "phone",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("confirmed_at", instant),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("endpoint", sa.String(1000), nullable=False, unique=True),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("browser", sa.String(120), nullable=False),
        sa.Column("created_at", instant, nullable=False),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        sa.Column("subject", pg.JSONB, nullable=False),
        sa.Column("text", pg.JSONB, nullable=False),
        sa.Column("segment", pg.JSONB, nullable=False),
        sa.Column("written_by", sa.Uuid, sa.ForeignKey("account.id", ondelete="SET NULL"), index=True),
        sa.Column("released_by", sa.Uuid, sa.ForeignKey("account.id", ondelete="SET NULL"), index=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("sent_at", instant),
        sa.Column("recipients", sa.Integer),
    )
