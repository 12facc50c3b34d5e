"""Second factors, passkeys, identities of other services, and what a session knows of how it began."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "city_0004"
down_revision = "city_0003"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; the columns that the version before does not know have a default."""
    _columns()
    _passkeys()
    _identities()


def _columns() -> None:
    op.add_column("account", sa.Column("totp_secret", sa.String(200)))
    op.add_column("account", sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column(
        "account", sa.Column("recovery_hashes", ARRAY(sa.String(64)), nullable=False, server_default="{}")
    )
    op.add_column("account_link", sa.Column("new_email", sa.String(254)))
    for column in (
        sa.Column("way", sa.String(32), nullable=False, server_default="link"),
        sa.Column("strong", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("proved_at", instant),
        sa.Column("ends_at", instant),
        sa.Column("idle_minutes", sa.Integer),
        sa.Column("factor_due", sa.Date),
        sa.Column("provider", sa.String(32), nullable=False, server_default=""),
        sa.Column("logout_hint", sa.String),
        sa.Column("code_hash", sa.String(64)),
        sa.Column("code_until", instant),
    ):
        op.add_column("account_session", column)


def _passkeys() -> None:
    op.create_table(
        "account_passkey",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("credential_id", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("used_at", instant),
    )


def _identities() -> None:
    op.create_table(
        "account_identity",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("used_at", instant),
        sa.UniqueConstraint("issuer", "subject", name="uq_account_identity_issuer_subject"),
    )
