"""Entries of the audit log know for whom somebody acted, and are sealed into a chain of hashes."""

import sqlalchemy as sa
from alembic import op

revision = "city_0003"
down_revision = "city_0002"


def upgrade() -> None:
    """Add the columns and make the chain, which the city can make longer and nothing else."""
    op.add_column("audit_entry", sa.Column("for_id", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit_entry", sa.Column("for_name", sa.String(160), nullable=False, server_default=""))
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("previous", sa.String(64), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute('REVOKE UPDATE, DELETE ON audit_seal FROM "{city_role}"')
