"""What people ask for by typing an address; links remember what they answer."""

import sqlalchemy as sa
from alembic import op

revision = "city_0002"
down_revision = "city_0001"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table and tie links to it."""
    op.create_table(
        "account_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("wish", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("back", sa.String(500), nullable=False),
        sa.Column("created_at", instant, nullable=False, index=True),
        sa.Column("answered_at", instant),
    )
    op.add_column(
        "account_link",
        sa.Column(
            "request_id", sa.Uuid, sa.ForeignKey("account_request.id", ondelete="SET NULL"), index=True
        ),
    )
