"""Ideas, their authors, comments and supports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0010"
down_revision = "participatory_budget_0009"
instant = sa.DateTime(timezone=True)
IDEA = "participatory_budget_idea"
COMMENT = f"{IDEA}_comment"


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def _of(
    table: str, name: str, *, index: bool = True, nullable: bool = True, primary_key: bool = False
) -> sa.Column[object]:
    reference = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    needed = nullable and not primary_key
    return sa.Column(name, sa.Uuid, reference, index=index, nullable=needed, primary_key=primary_key)


def _words(name: str, longest: int | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(longest), nullable=False, server_default="")


def upgrade() -> None:
    """Create the tables and say where an edition keeps its rules for ideas."""
    op.add_column(
        "participatory_budget_edition", sa.Column("idea_rules", pg.JSONB, nullable=False, server_default="{}")
    )
    _ideas()
    _around()
    _comments()
    _supports()
    op.create_table(
        f"{IDEA}_kept",
        _id(),
        sa.Column("words", pg.JSONB, nullable=False),
        sa.Column("kept_at", instant, nullable=False, index=True),
    )
    op.create_table(
        "participatory_budget_project_idea",
        _of("participatory_budget_project", "project_id", index=False, primary_key=True),
        _of(IDEA, "idea_id", primary_key=True),
    )


def _ideas() -> None:
    op.create_table(
        IDEA,
        _id(),
        _of("participatory_budget_edition", "edition_id", nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        _words("title", 120),
        _words("text"),
        _words("language", 10),
        _words("category", 80),
        _words("district", 80),
        _words("place", 200),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("cost", sa.BigInteger),
        sa.Column("author_id", sa.Uuid, index=True),
        _words("author_name", 120),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("recorded_by", sa.Uuid),
        sa.Column("doubts", pg.ARRAY(sa.String), nullable=False),
        sa.Column("supports", sa.Integer, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False, index=True),
        sa.Column("submitted_at", instant),
        sa.Column("publish_at", instant, index=True),
        sa.Column("published_at", instant, index=True),
        sa.Column("merged_into", sa.Uuid, sa.ForeignKey(f"{IDEA}.id", ondelete="SET NULL"), index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("edition_id", "number"),
        sa.CheckConstraint("state = 'draft' OR number IS NOT NULL", name="number"),
        sa.CheckConstraint("merged_into IS NULL OR merged_into <> id", name="merged_into"),
        sa.CheckConstraint("supports >= 0", name="supports"),
    )


def _around() -> None:
    op.create_table(
        f"{IDEA}_author",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), index=True),
        sa.Column("account_id", sa.Uuid, index=True),
        _words("name", 120),
        sa.Column("token", sa.String(64), unique=True),
        sa.Column("invited_at", instant, nullable=False),
        sa.Column("answered_at", instant),
        sa.UniqueConstraint("idea_id", "email"),
        sa.UniqueConstraint("idea_id", "account_id"),
    )
    op.create_table(
        f"{IDEA}_file",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        sa.Column("upload_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("is_picture", sa.Boolean, nullable=False),
        _words("description", 200),
    )
    op.create_table(
        f"{IDEA}_event",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("happened_at", instant, nullable=False),
        sa.Column("note", pg.JSONB, nullable=False),
        _words("earlier_title", 120),
        _words("earlier_text"),
        sa.Column("other_idea", sa.Uuid),
    )


def _comments() -> None:
    op.create_table(
        COMMENT,
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        _of(COMMENT, "parent_id"),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        sa.Column("account_id", sa.Uuid, index=True),
        _words("author_name", 120),
        sa.Column("is_official", sa.Boolean, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        _words("language", 10),
        sa.Column("doubts", pg.ARRAY(sa.String), nullable=False),
        sa.Column("written_at", instant, nullable=False, index=True),
        sa.Column("edited_at", instant),
        sa.Column("note", pg.JSONB, nullable=False),
    )
    op.create_table(
        f"{IDEA}_report",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        _of(COMMENT, "comment_id"),
        sa.Column("reporter", sa.LargeBinary(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        _words("note", 500),
        sa.Column("reported_at", instant, nullable=False),
        sa.Column("settled_at", instant, index=True),
        sa.UniqueConstraint("idea_id", "comment_id", "reporter", postgresql_nulls_not_distinct=True),
    )


def _supports() -> None:
    op.create_table(
        f"{IDEA}_support",
        _of(IDEA, "idea_id", index=False, primary_key=True),
        sa.Column("supporter", sa.LargeBinary(32), primary_key=True),
        _of("participatory_budget_edition", "edition_id", index=False, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.UniqueConstraint("edition_id", "supporter", "place"),
    )
