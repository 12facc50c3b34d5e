"""Versions of the rules of an edition, changes that two people make, and the seed of a lottery."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "participatory_budget_0005"
down_revision = "participatory_budget_0004"

EDITION = "participatory_budget_edition"
VERSION = "participatory_budget_rule_version"
CHANGE = "participatory_budget_rule_change"


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column(EDITION, sa.Column("lot_seed", sa.String(200)))
    op.create_table(
        VERSION,
        _edition_id(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("document", sa.String, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reason", pg.JSONB, nullable=False, server_default="{}"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digest = encode(sha256(convert_to(document, 'UTF8')), 'hex')", name="digest"),
    )
    # What was frozen is never changed again; only the whole edition can be deleted.
    op.execute(f'REVOKE UPDATE ON {VERSION} FROM "{{city_role}}"')
    op.create_table(
        CHANGE,
        sa.Column("id", sa.Uuid, primary_key=True),
        _edition_id(index=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("wanted", pg.JSONB, nullable=False, server_default="{}"),
        sa.Column("reason", pg.JSONB, nullable=False, server_default="{}"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("proposed_by", sa.Uuid, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="two_people"),
    )
    op.create_index(
        f"{CHANGE}_one", CHANGE, ["edition_id"], unique=True, postgresql_where=sa.text("state = 'proposed'")
    )


def _edition_id(*, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    """Return the column that says whose rules they are; they go with their edition."""
    edition = sa.ForeignKey(f"{EDITION}.id", ondelete="CASCADE")
    return sa.Column("edition_id", sa.Uuid, edition, primary_key=primary_key, nullable=False, index=index)
