"""What people are told, by which channel and in which rhythm."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "city_0007"
down_revision = "city_0006"
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of notifications, their deliveries, people's choices and what they follow."""
    _notification()
    _delivery()
    _choices()


def _account(**options: object) -> sa.Column[object]:
    return sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def _notification() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid, primary_key=True),
        _account(),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("cause", sa.String(120), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("words", pg.JSONB, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("read_at", instant),
        sa.Column("audience", pg.JSONB),
        sa.UniqueConstraint("account_id", "kind", "cause"),
    )
    op.create_index(
        "uq_notification_announced",
        "notification",
        ["kind", "cause"],
        unique=True,
        postgresql_where=sa.text("account_id IS NULL"),
    )
    op.create_index(
        "ix_notification_account_id_created_at", "notification", ["account_id", "created_at", "id"]
    )
    op.create_index(
        "ix_notification_unread", "notification", ["account_id"], postgresql_where=sa.text("read_at IS NULL")
    )


def _delivery() -> None:
    op.create_table(
        "notification_delivery",
        sa.Column("id", sa.Uuid, primary_key=True),
        _account(nullable=False),
        sa.Column("notification_id", sa.Uuid, sa.ForeignKey("notification.id", ondelete="CASCADE")),
        sa.Column("digest_id", sa.Uuid),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("bulk", sa.Boolean, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("done_at", instant),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.UniqueConstraint("notification_id", "channel"),
    )
    for name, columns, where in (
        ("open", ["bulk", "due_at"], "state IN ('waiting', 'failed')"),
        ("gathered", ["due_at"], "state = 'gathered'"),
        ("dead", ["done_at"], "state = 'dead'"),
        ("digest_id", ["digest_id"], "digest_id IS NOT NULL"),
    ):
        op.create_index(
            f"ix_notification_delivery_{name}",
            "notification_delivery",
            columns,
            postgresql_where=sa.text(where),
        )
    op.create_index(
        "ix_notification_delivery_account_id_created_at",
        "notification_delivery",
        ["account_id", "created_at", "id"],
    )


def _choices() -> None:
    op.create_table(
        "notification_choice",
        _account(primary_key=True),
        sa.Column("topics", pg.JSONB, nullable=False),
        sa.Column("districts", pg.JSONB, nullable=False),
        sa.Column("quiet_from", sa.SmallInteger),
        sa.Column("quiet_until", sa.SmallInteger),
        sa.Column("changed_at", instant, nullable=False),
    )
    op.create_table(
        "follow",
        sa.Column("subject", sa.String(120), primary_key=True),
        _account(primary_key=True, index=True),
        sa.Column("created_at", instant, nullable=False),
    )
