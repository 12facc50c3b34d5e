"""The ballot log, ballots sealed by contest, counts of several contests, certified by two people."""

import sqlalchemy as sa
from alembic import op

revision = "participatory_budget_0007"
down_revision = "participatory_budget_0006"
instant = sa.DateTime(timezone=True)


def _edition_id() -> sa.Column[object]:
    reference = sa.ForeignKey("participatory_budget_edition.id", ondelete="CASCADE")
    return sa.Column("edition_id", sa.Uuid, reference, nullable=False, primary_key=True)


def upgrade() -> None:
    """Add tables and columns; what is written into the log stays in it."""
    _log()


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
