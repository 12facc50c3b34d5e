"""Moderation, examination and the drafting of the ballot."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0011"
down_revision = "participatory_budget_0010"
instant = sa.DateTime(timezone=True)
OWN = "participatory_budget_"
IDEA = f"{OWN}idea"
EDITION = f"{OWN}edition"


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def _of(table: str, name: str, *, index: bool = True, **options: Any) -> sa.Column[object]:
    reference = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Uuid, reference, index=index, **options)


def _words(name: str, longest: int | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(longest), nullable=False, server_default="")


def _texts(name: str) -> sa.Column[object]:
    return sa.Column(name, pg.JSONB, nullable=False)


def upgrade() -> None:
    """Create the tables and say where an edition keeps its rules for staff."""
    op.add_column(EDITION, sa.Column("review_rules", pg.JSONB, nullable=False, server_default="{}"))
    _moderation()
    _mergings()
    _settings()
    _examination()
    _opinions()


def _moderation() -> None:
    op.create_table(
        f"{IDEA}_decision",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        _of(f"{IDEA}_comment", "comment_id"),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("decided_by", sa.Uuid, index=True),
        sa.Column("decided_at", instant, nullable=False, index=True),
        _texts("reason"),
        _words("note"),
        sa.Column("other_idea", sa.Uuid),
    )
    op.create_table(
        f"{IDEA}_appeal",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        sa.Column("against", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Uuid, index=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("filed_at", instant, nullable=False),
        sa.Column("against_whom", sa.Uuid),
        sa.Column("judged_by", sa.Uuid),
        sa.Column("judged_at", instant, index=True),
        sa.Column("granted", sa.Boolean),
        sa.UniqueConstraint("idea_id", "against"),
    )


def _mergings() -> None:
    op.create_table(
        f"{IDEA}_merging",
        _of(IDEA, "idea_id", index=False, primary_key=True),
        _of(IDEA, "into_id", nullable=False),
        sa.Column("merged_at", instant, nullable=False, index=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("author_ids", pg.ARRAY(sa.Uuid), nullable=False),
        sa.Column("comment_ids", pg.ARRAY(sa.Uuid), nullable=False),
        sa.Column("supporters", pg.ARRAY(sa.LargeBinary), nullable=False),
        sa.Column("doubles", pg.ARRAY(sa.LargeBinary), nullable=False),
    )


def _settings() -> None:
    for table, *columns in (
        ("refusal_reason", _texts("name"), _texts("text")),
        ("criterion", _texts("name"), _texts("hint")),
        ("department", _texts("name"), sa.Column("days", sa.Integer, nullable=False)),
    ):
        op.create_table(
            OWN + table,
            _id(),
            _of(EDITION, "edition_id", nullable=False),
            sa.Column("position", sa.Integer, nullable=False),
            *columns,
        )
    op.create_table(
        f"{OWN}department_member",
        _of(f"{OWN}department", "department_id", index=False, primary_key=True),
        sa.Column("account_id", sa.Uuid, primary_key=True, index=True),
    )


def _examination() -> None:
    op.create_table(
        f"{OWN}examination",
        _of(IDEA, "idea_id", index=False, primary_key=True),
        _of(EDITION, "edition_id", nullable=False),
        sa.Column("step", sa.String(32), nullable=False, index=True),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("verdict", sa.String(32)),
        _texts("opinion"),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", instant),
        sa.Column("first_decided_by", sa.Uuid),
        sa.Column("told_verdict", sa.String(32)),
        _texts("told_opinion"),
        sa.Column("published_at", instant),
        sa.Column("appeal_until", instant, index=True),
        sa.Column("left_out", pg.JSONB),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("round IN (1, 2)", name="round"),
    )
    op.create_table(
        f"{OWN}cost_estimate",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        _words("reason", 500),
        sa.Column("made_by", sa.Uuid),
        sa.Column("made_at", instant, nullable=False),
        sa.CheckConstraint("amount >= 0", name="amount"),
    )
    op.create_table(
        f"{OWN}text_consent",
        _of(f"{OWN}project", "project_id", index=False, primary_key=True),
        sa.Column("account_id", sa.Uuid, primary_key=True, index=True),
        sa.Column("state", sa.String(32), nullable=False),
        _words("text"),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("answered_at", instant),
    )


def _opinions() -> None:
    op.create_table(
        f"{OWN}department_opinion",
        _id(),
        _of(IDEA, "idea_id", nullable=False),
        _of(f"{OWN}department", "department_id", nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("asked_by", sa.Uuid),
        sa.Column("due_on", sa.Date, nullable=False, index=True),
        sa.Column("given_at", instant, index=True),
        sa.Column("given_by", sa.Uuid),
        _words("text"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("idea_id", "department_id", "round"),
    )
    op.create_table(
        f"{OWN}criterion_answer",
        _of(f"{OWN}department_opinion", "opinion_id", index=False, primary_key=True),
        _of(f"{OWN}criterion", "criterion_id", index=False, primary_key=True),
        sa.Column("answer", sa.String(32), nullable=False),
        _words("text"),
    )
