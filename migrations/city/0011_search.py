"""What can be found by searching the city's pages, and what is counted day by day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "city_0011"
down_revision = "city_0010"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "search_entry",
        sa.Column("module", sa.String(48), primary_key=True),
        sa.Column("kind", sa.String(48), primary_key=True),
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("language", sa.String(8), primary_key=True),
        sa.Column("words_in", sa.String(8), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("plain_title", sa.Text, nullable=False),
        sa.Column("document", TSVECTOR, nullable=False),
    )
    op.create_index("ix_search_entry_document", "search_entry", ["document"], postgresql_using="gin")
    op.create_index(
        "ix_search_entry_plain_title",
        "search_entry",
        ["plain_title"],
        postgresql_using="gin",
        postgresql_ops={"plain_title": "shared.gin_trgm_ops"},
    )
    op.create_table(
        "statistic",
        sa.Column("module", sa.String(48), primary_key=True),
        sa.Column("measure", sa.String(48), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("dimension", sa.String(80), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
