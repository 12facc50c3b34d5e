"""Ballots on paper and polling places."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0009"
down_revision = "participatory_budget_0008"
instant = sa.DateTime(timezone=True)
prefix = "participatory_budget_"


def upgrade() -> None:
    """Create the tables."""
    _stations()
    _batches()
    op.create_table(
        f"{prefix}paper_keying",
        _to("paper_batch", "batch_id", primary_key=True),
        sa.Column("turn", sa.SmallInteger, primary_key=True),
        sa.Column("clerk_id", sa.Uuid, nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("finished_at", instant),
        sa.UniqueConstraint("batch_id", "clerk_id"),
        sa.CheckConstraint("turn BETWEEN 1 AND 3", name="turn"),
    )
    op.create_table(
        f"{prefix}paper_entry",
        _to("paper_batch", "batch_id", primary_key=True),
        sa.Column("turn", sa.SmallInteger, primary_key=True),
        sa.Column("serial", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("marks", pg.JSONB, nullable=False),
        sa.Column("invalid", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
    )
    # What stands in a journal stays; only the whole edition can be deleted, with its places.
    op.execute(f'REVOKE UPDATE, TRUNCATE ON {prefix}journal FROM "{{city_role}}"')


def _stations() -> None:
    op.create_table(
        f"{prefix}station",
        sa.Column("id", sa.Uuid, primary_key=True),
        _to("edition", "edition_id", index=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("opened_at", instant),
        sa.Column("closed_at", instant),
        sa.Column("closed_by", sa.Uuid),
        sa.Column("confirmed_by", sa.Uuid),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> closed_by", name="two_people"),
    )
    op.create_table(
        f"{prefix}station_officer",
        _to("station", "station_id", primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_table(
        f"{prefix}journal",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        _to("station", "station_id", index=True),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("written_by", sa.Uuid, nullable=False),
        sa.Column("written_at", instant, nullable=False),
    )


def _batches() -> None:
    op.add_column(f"{prefix}edition", sa.Column("paper_done_at", instant))
    op.create_table(
        f"{prefix}paper_batch",
        sa.Column("id", sa.Uuid, primary_key=True),
        _to("edition", "edition_id"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column(
            "station_id", sa.Uuid, sa.ForeignKey(f"{prefix}station.id", ondelete="RESTRICT"), index=True
        ),
        sa.Column("in_envelopes", sa.Boolean, nullable=False),
        sa.Column("district", sa.String(80), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("printed", sa.Integer, nullable=False),
        sa.Column("declared", sa.Integer),
        sa.Column("missing_reason", sa.String(300), nullable=False),
        sa.Column("put", sa.Integer, nullable=False),
        sa.Column("invalid", pg.JSONB, nullable=False),
        sa.Column("void_reason", sa.String(300), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("put_at", instant),
        sa.UniqueConstraint("edition_id", "number"),
        sa.CheckConstraint("declared IS NULL OR declared >= 0", name="declared"),
    )
    op.create_table(
        f"{prefix}paper_slip",
        _to("paper_batch", "batch_id", primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _to("edition", "edition_id"),
        sa.Column("voter", sa.LargeBinary),
        sa.Column("set_aside", sa.String(32), nullable=False),
        sa.Column("entered_by", sa.Uuid, nullable=False),
        sa.UniqueConstraint("edition_id", "voter"),
    )


def _to(table: str, name: str, *, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey(f"{prefix}{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Uuid, reference, nullable=False, primary_key=primary_key, index=index)
