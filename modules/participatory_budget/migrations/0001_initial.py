"""Editions, projects, roll, ballots and counts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0001"
down_revision = None
instant = sa.DateTime(timezone=True)


def _edition_id(*, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey("participatory_budget_edition.id", ondelete="CASCADE")
    return sa.Column("edition_id", sa.Uuid, reference, nullable=False, primary_key=primary_key, index=index)


def _localized(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, pg.JSONB, nullable=nullable)


def upgrade() -> None:
    """Create the tables."""
    _editions()
    _projects()
    _ballots()
    op.create_table(
        "participatory_budget_count",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(index=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("blank", sa.Integer, nullable=False),
        sa.Column("votes", pg.JSONB, nullable=False),
        sa.Column("protocol", sa.String),
        sa.Column("ballots_sha256", sa.String(64)),
        sa.Column("failure", sa.String(300), nullable=False),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("finished_at", instant),
    )


def _editions() -> None:
    op.create_table(
        "participatory_budget_edition",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("slug", sa.String(80), nullable=False, unique=True),
        sa.Column("stage", sa.String(32), nullable=False, index=True),
        _localized("title"),
        _localized("summary"),
        _localized("description"),
        _localized("result_note"),
        _localized("source"),
        sa.Column("ballot_type", sa.String(32), nullable=False),
        sa.Column("max_choices", sa.Integer),
        sa.Column("max_per_category", sa.Integer),
        sa.Column("budget", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("tie_break", sa.String(32), nullable=False),
        sa.Column("min_votes", sa.Integer, nullable=False),
        sa.Column("opens_at", instant),
        sa.Column("closes_at", instant),
        sa.Column("slot_salt", sa.LargeBinary),
        sa.Column("sealed_at", instant),
        sa.Column("published_at", instant),
        sa.Column("imported", sa.Boolean, nullable=False),
        sa.Column("outlines", pg.JSONB),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", instant, nullable=False),
    )
    op.create_table(
        "participatory_budget_category",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(index=True),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        _localized("name"),
        _localized("summary"),
        sa.Column("envelope", sa.BigInteger),
        sa.UniqueConstraint("edition_id", "key"),
    )
    op.create_table(
        "participatory_budget_district",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(index=True),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.UniqueConstraint("edition_id", "key"),
    )


def _projects() -> None:
    op.create_table(
        "participatory_budget_project",
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        _localized("title"),
        _localized("summary"),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sa.Column("category", sa.String(80), nullable=False),
        sa.Column("district", sa.String(80), nullable=False),
        sa.Column("picture", sa.String(60), nullable=False),
        _localized("picture_alt"),
        _localized("excluded", nullable=True),
        sa.Column("official_selected", sa.Integer),
        sa.Column("official_votes", sa.Integer),
        sa.UniqueConstraint("edition_id", "number"),
        sa.UniqueConstraint("edition_id", "reference"),
        sa.CheckConstraint("number BETWEEN 1 AND 65535", name="number"),
        sa.CheckConstraint("cost >= 0", name="cost"),
    )


def _ballots() -> None:
    op.create_table(
        "participatory_budget_roll",
        _edition_id(primary_key=True),
        sa.Column("voter", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "participatory_budget_ballot",
        _edition_id(primary_key=True),
        sa.Column("slot", sa.LargeBinary, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("choices", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False, index=True),
    )
    op.create_table(
        "participatory_budget_draft",
        _edition_id(primary_key=True),
        sa.Column("voter", sa.LargeBinary, primary_key=True),
        sa.Column("choices", pg.ARRAY(sa.Integer), nullable=False),
        sa.Column("updated_at", instant, nullable=False),
    )
    op.create_table(
        "participatory_budget_sealed_ballot",
        _edition_id(primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("choices", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "participatory_budget_sealed_receipt",
        _edition_id(primary_key=True),
        sa.Column("leaf", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "participatory_budget_turnout",
        _edition_id(primary_key=True),
        sa.Column("hour", instant, primary_key=True),
        sa.Column("voters", sa.Integer, nullable=False),
    )
    # What is sealed is never changed again; only the whole edition can be deleted, by the owner's hand.
    for table in ("sealed_ballot", "sealed_receipt"):
        op.execute(f'REVOKE UPDATE ON participatory_budget_{table} FROM "{{city_role}}"')
