"""The platform's own tables, and the outbox that cities write into."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "platform_0001"
down_revision = None
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _cities()
    _work()
    _outbox()


def _cities() -> None:
    op.create_table(
        "city",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("slug", sa.String(63), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("languages", pg.ARRAY(sa.String(8)), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("brand", sa.String(7), nullable=False),
        sa.Column("hero", sa.String(40), nullable=False),
        sa.Column("tagline", pg.JSONB, nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        schema="platform",
    )
    op.create_table(
        "domain",
        sa.Column("host", sa.String(253), primary_key=True),
        sa.Column(
            "city_id",
            sa.String(20),
            sa.ForeignKey("platform.city.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("verified", sa.Boolean, nullable=False),
        schema="platform",
    )
    op.create_table(
        "module_toggle",
        sa.Column(
            "city_id", sa.String(20), sa.ForeignKey("platform.city.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("module", sa.String(48), primary_key=True),
        sa.Column("on", sa.Boolean, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("changed_by", sa.String(160), nullable=False),
        schema="platform",
    )


def _work() -> None:
    op.create_table(
        "signup",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("city_name", sa.String(120), nullable=False),
        sa.Column("slug", sa.String(63), nullable=False, index=True),
        sa.Column("email", sa.String(254), nullable=False, index=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("city_id", sa.String(20)),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        schema="platform",
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("html", sa.String, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("sent_at", instant),
        schema="platform",
    )
    op.create_table(
        "schedule",
        sa.Column("city", sa.String(63), primary_key=True),
        sa.Column("task", sa.String(120), primary_key=True),
        sa.Column("due_at", instant, nullable=False, index=True),
        schema="platform",
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("city", sa.String(63)),
        sa.Column("task", sa.String(120), nullable=False),
        sa.Column("ids", pg.JSONB, nullable=False),
        sa.Column("due_at", instant, nullable=False, index=True),
        schema="shared",
    )
    # A city may put work into the outbox in its own name; nobody but the platform may look into it.
    for statement in (
        "ALTER TABLE shared.outbox ENABLE ROW LEVEL SECURITY",
        "GRANT INSERT ON shared.outbox TO PUBLIC",
        "CREATE POLICY own_name ON shared.outbox FOR INSERT TO PUBLIC WITH CHECK (city = current_user)",
        'GRANT SELECT, INSERT, UPDATE, DELETE ON shared.outbox TO "{city_role}"',
        'CREATE POLICY platform_all ON shared.outbox TO "{city_role}" USING (true) WITH CHECK (true)',
    ):
        op.execute(statement)
