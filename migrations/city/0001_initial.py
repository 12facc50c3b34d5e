"""The base tables of every city: people, mails, settings, audit log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "city_0001"
down_revision = None
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _people()
    _records()


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("role", sa.String(32), nullable=False, index=True),
        sa.Column("confirmed_at", instant),
        sa.Column("created_at", instant, nullable=False),
    )
    op.create_table(
        "account_session",
        sa.Column("secret_hash", sa.String(64), primary_key=True),
        sa.Column(
            "account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("seen_at", instant, nullable=False, index=True),
        sa.Column("browser", sa.String(120), nullable=False),
    )
    op.create_table(
        "account_link",
        sa.Column("secret_hash", sa.String(64), primary_key=True),
        sa.Column(
            "account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("expires_at", instant, nullable=False, index=True),
        sa.Column("used_at", instant),
    )


def _records() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("html", sa.String, nullable=False),
        sa.Column("created_at", instant, nullable=False, index=True),
        sa.Column("sent_at", instant),
    )
    op.create_table(
        "module_settings",
        sa.Column("module", sa.String(48), primary_key=True),
        sa.Column("values", pg.JSONB, nullable=False),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("at", instant, nullable=False, index=True),
        sa.Column("action", sa.String(80), nullable=False, index=True),
        sa.Column("subject", sa.String(160), nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_name", sa.String(160), nullable=False),
        sa.Column("details", pg.JSONB, nullable=False),
    )
    op.execute('REVOKE UPDATE, DELETE ON audit_entry FROM "{city_role}"')
