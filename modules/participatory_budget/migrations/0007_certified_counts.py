"""The ballot log, ballots sealed by contest, counts of several contests, certified by two people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0007"
down_revision = "participatory_budget_0006"
instant = sa.DateTime(timezone=True)


def _edition_id() -> sa.Column[object]:
    reference = sa.ForeignKey("participatory_budget_edition.id", ondelete="CASCADE")
    return sa.Column("edition_id", sa.Uuid, reference, nullable=False, primary_key=True)


def upgrade() -> None:
    """Add tables and columns; what is written into the log stays in it."""
    _log()
    _sealed()
    _counts()


def _sealed() -> None:
    op.add_column(
        "participatory_budget_sealed_ballot",
        sa.Column("contest", sa.String(80), nullable=False, server_default=""),
    )
    op.create_table(
        "participatory_budget_channel_total",
        _edition_id(),
        sa.Column("contest", sa.String(80), primary_key=True),
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("ballots", sa.Integer, nullable=False),
    )
    op.execute('REVOKE UPDATE ON participatory_budget_channel_total FROM "{city_role}"')


def _counts() -> None:
    count = "participatory_budget_count"
    op.add_column(count, sa.Column("step", sa.Integer, nullable=False, server_default="0"))
    op.add_column(count, sa.Column("marks", pg.JSONB, nullable=False, server_default="{}"))
    for name in ("first_sha256", "second_sha256"):
        op.add_column(count, sa.Column(name, sa.String(64), nullable=False, server_default=""))
    op.add_column(count, sa.Column("recounted", sa.Boolean, nullable=False, server_default="false"))
    op.create_table(
        "participatory_budget_contest_result",
        sa.Column("count_id", sa.Uuid, sa.ForeignKey(f"{count}.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("contest", sa.String(80), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("protocol", sa.String, nullable=False),
        sa.Column("ballots_sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "participatory_budget_certificate",
        sa.Column("count_id", sa.Uuid, sa.ForeignKey(f"{count}.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("account_id", sa.Uuid, primary_key=True, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signed_at", instant, nullable=False),
    )
    op.execute('REVOKE UPDATE ON participatory_budget_certificate FROM "{city_role}"')
    op.add_column("participatory_budget_edition", sa.Column("publish_at", instant))
    op.add_column("participatory_budget_edition", sa.Column("receipts_root", sa.LargeBinary))


def _log() -> None:
    op.create_table(
        "participatory_budget_log_waiting",
        _edition_id(),
        sa.Column("leaf", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "participatory_budget_log_entry",
        _edition_id(),
        sa.Column("leaf", sa.LargeBinary, primary_key=True),
        sa.Column("batch", sa.Integer, nullable=False),
    )
    op.create_index(
        "ix_participatory_budget_log_entry_batch", "participatory_budget_log_entry", ["edition_id", "batch"]
    )
    op.create_table(
        "participatory_budget_log_batch",
        _edition_id(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("leaves", sa.Integer, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("previous", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("sealed_at", instant, nullable=False),
    )
    for table in ("log_entry", "log_batch"):
        op.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON participatory_budget_{table} FROM "{{city_role}}"')
