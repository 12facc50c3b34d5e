"""What is known about residents and from where, rolls, households and who acts for whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "city_0006"
down_revision = "city_0005"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _rolls()
    _attributes()
    _households()


def _account(
    name: str, *, gone: str = "CASCADE", nullable: bool = True, index: bool = False
) -> sa.Column[object]:
    reference = sa.ForeignKey("account.id", ondelete=gone)
    return sa.Column(name, sa.Uuid, reference, nullable=nullable, index=index)


def _rolls() -> None:
    op.create_table(
        "roll",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("grants", JSONB, nullable=False),
        sa.Column("carried", sa.String(48), nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("made_by", sa.Uuid),
        sa.Column("ends_at", instant),
        sa.Column("replaced_at", instant),
    )
    op.create_table(
        "roll_entry",
        sa.Column("roll_id", sa.Uuid, sa.ForeignKey("roll.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.LargeBinary(16), primary_key=True),
        sa.Column("value", sa.String(80)),
        _account("account_id", gone="SET NULL"),
        sa.Column("used_at", instant),
    )
    op.create_index(
        "uq_roll_entry_account",
        "roll_entry",
        ["account_id", "roll_id"],
        unique=True,
        postgresql_where=sa.text("account_id IS NOT NULL"),
    )


def _attributes() -> None:
    op.create_table(
        "person_attribute",
        sa.Column("id", sa.Uuid, primary_key=True),
        _account("account_id", nullable=False),
        sa.Column("attribute", sa.String(48), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("stated_at", instant, nullable=False),
        sa.Column("expires_at", instant),
        sa.Column("checked_by", sa.Uuid),
        sa.Column("document", sa.String(40), nullable=False),
        sa.Column("roll_id", sa.Uuid, sa.ForeignKey("roll.id", ondelete="CASCADE"), index=True),
        sa.Column("asked_at", instant, index=True),
        sa.UniqueConstraint("account_id", "attribute", "level"),
    )


def _households() -> None:
    op.create_table(
        "dependant",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_child", sa.Boolean, nullable=False),
        sa.Column("born", sa.Date),
        sa.Column("school", sa.String(160), nullable=False),
        sa.Column("created_at", instant, nullable=False),
    )
    op.create_table(
        "acting_right",
        sa.Column("id", sa.Uuid, primary_key=True),
        _account("helper_id", index=True),
        sa.Column("dependant_id", sa.Uuid, sa.ForeignKey("dependant.id", ondelete="CASCADE")),
        _account("person_id", index=True),
        sa.Column("part", sa.String(32), nullable=False),
        sa.Column("areas", JSONB, nullable=False),
        sa.Column("invited_by", sa.Uuid),
        sa.Column("invited_email", sa.String(254), nullable=False),
        sa.Column("secret_hash", sa.String(64), unique=True),
        sa.Column("invited_at", instant, nullable=False),
        sa.Column("accepted_at", instant),
        sa.Column("needs_paper", sa.Boolean, nullable=False),
        sa.Column("confirmed_at", instant),
        sa.Column("confirmed_by", sa.Uuid),
        sa.Column("ends_on", sa.Date),
        sa.Column("withdrawn_at", instant),
        sa.CheckConstraint("(dependant_id IS NULL) <> (person_id IS NULL)", name="for_one"),
    )
    op.create_index("ix_acting_right_pair", "acting_right", ["dependant_id", "helper_id"])
