"""Sets of permissions that a city makes itself, who has them where, and the city's districts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "city_0005"
down_revision = "city_0004"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and say of accounts whether the second one knows them."""
    op.create_table(
        "district",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("name", JSONB, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", JSONB, nullable=False),
        sa.Column("permissions", JSONB, nullable=False),
        sa.Column("created_at", instant, nullable=False),
    )
    op.create_table(
        "staff_grant",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "account_id",
            sa.Uuid,
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("preset", sa.String(32)),
        sa.Column("role_id", sa.Uuid, sa.ForeignKey("staff_role.id", ondelete="CASCADE"), index=True),
        sa.Column("modules", JSONB),
        sa.Column("districts", JSONB),
        sa.Column("ends_on", sa.Date),
        sa.Column("created_at", instant, nullable=False),
    )
    # False for whoever has one built-in role everywhere, or none: then nobody has to look into staff_grant.
    op.add_column("account", sa.Column("granted", sa.Boolean, nullable=False, server_default=sa.false()))
