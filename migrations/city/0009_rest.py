"""Tokens of programs, and webhooks with what was sent to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "city_0009"
down_revision = "city_0008"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the four tables."""
    _tokens()
    _webhooks()


def _tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("beginning", sa.String(24), nullable=False),
        sa.Column("scopes", JSONB, nullable=False),
        sa.Column("made_by", sa.Uuid, sa.ForeignKey("account.id", ondelete="SET NULL"), index=True),
        sa.Column("made_by_name", sa.String(160), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("used_at", instant),
        sa.Column("revoked_at", instant),
    )
    op.create_table(
        "api_answer",
        sa.Column("token_id", sa.Uuid, sa.ForeignKey("api_token.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", instant, nullable=False, index=True),
    )


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("events", JSONB, nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("former_secret", sa.String(200)),
        sa.Column("former_until", instant),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("taken_at", instant),
        sa.Column("off_at", instant),
        sa.Column("off_reason", sa.String(32), nullable=False),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("webhook_id", sa.Uuid, sa.ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("event", sa.String(120), nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("created_at", instant, nullable=False, index=True),
        sa.Column("next_at", instant, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("milliseconds", sa.Integer),
        sa.Column("answer", sa.String, nullable=False),
    )
    op.create_index("ix_webhook_delivery_webhook_id_id", "webhook_delivery", ["webhook_id", "id"])
    op.create_index("ix_webhook_delivery_state_next_at", "webhook_delivery", ["state", "next_at"])
