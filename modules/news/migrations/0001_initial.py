"""Articles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "news_0001"
down_revision = None
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "news_article",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("title", pg.JSONB, nullable=False),
        sa.Column("summary", pg.JSONB, nullable=False),
        sa.Column("body", pg.JSONB, nullable=False),
        sa.Column("picture", sa.String(60)),
        sa.Column("picture_alt", pg.JSONB, nullable=False),
        sa.Column("picture_width", sa.Integer),
        sa.Column("picture_height", sa.Integer),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("published_at", instant),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_news_article_status_published_at", "news_article", ["status", "published_at", "id"])
