"""How a city looks besides its colour: letters, logo, picture, footer, welcome; each value under its own name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "platform_0005"
down_revision = "platform_0004"


def upgrade() -> None:
    """Add the column; the version before does not ask for it."""
    op.add_column(
        "city", sa.Column("look", JSONB, nullable=False, server_default=sa.text("'{}'")), schema="platform"
    )
