"""Suspension, former addresses, proofs of domains, operators, and what is kept to look after thousands of cities."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "platform_0002"
down_revision = "platform_0001"
instant = sa.DateTime(timezone=True)

# Operators of 0.1.0 entered verified domains by hand, and cities have put them on paper: they go on leading to the city,
# are looked at for the first time in a month, and then have a week to be proven as the city's page says.
_DOMAINS_BY_HAND = """
UPDATE platform.domain d
SET proof = replace(CAST(gen_random_uuid() AS text), '-', ''),
    main = verified AND host = (SELECT min(o.host) FROM platform.domain o WHERE o.city_id = d.city_id AND o.verified),
    verified_at = CASE WHEN verified THEN now() END,
    checked_at = CASE WHEN verified THEN now() END
"""


def upgrade() -> None:
    """Create the tables and columns."""
    _cities()
    _signups()
    _operators()
    _upkeep()
    _outbox()


def _add(table: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        op.add_column(table, column, schema="platform")


def _city_id(*, key: bool = False) -> sa.Column[str]:
    reference = sa.ForeignKey("platform.city.id", ondelete="CASCADE")
    return sa.Column("city_id", sa.String(20), reference, primary_key=key, nullable=False, index=not key)


def _cities() -> None:
    _add(
        "city",
        sa.Column("state_reason", sa.String(500), nullable=False, server_default=""),
        sa.Column("state_changed_at", instant),
        sa.Column("erase_at", instant),
        sa.Column("state_before", sa.String(32), nullable=False, server_default=""),
    )
    _add("mail", sa.Column("about", sa.String(40), nullable=False, index=True, server_default=""))
    _add(
        "domain",
        sa.Column("main", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("proof", sa.String(64), nullable=False, server_default=""),
        sa.Column("added_at", instant, nullable=False, server_default=sa.func.now()),
        sa.Column("checked_at", instant),
        sa.Column("verified_at", instant),
        sa.Column("lost_at", instant),
        sa.Column("finding", sa.String(32), nullable=False, server_default=""),
        sa.Column("seen", pg.ARRAY(sa.String(300)), nullable=False, server_default="{}"),
        sa.Column("leads", sa.String(32), nullable=False, server_default=""),
        sa.Column("leads_to", pg.ARRAY(sa.String(45)), nullable=False, server_default="{}"),
    )
    # Whoever claims a host holds nothing; whoever has proven it holds it alone.
    op.drop_constraint("pk_domain", "domain", schema="platform", type_="primary")
    op.create_primary_key("pk_domain", "domain", ["host", "city_id"], schema="platform")
    op.create_index(
        "uq_domain_verified",
        "domain",
        ["host"],
        unique=True,
        schema="platform",
        postgresql_where=sa.text("verified"),
    )
    op.create_index(
        "uq_domain_main",
        "domain",
        ["city_id"],
        unique=True,
        schema="platform",
        postgresql_where=sa.text("main"),
    )
    op.execute(_DOMAINS_BY_HAND)
    op.create_table(
        "former_slug",
        sa.Column("slug", sa.String(63), primary_key=True),
        _city_id(),
        sa.Column("left_at", instant, nullable=False),
        schema="platform",
    )
    op.create_table(
        "quota",
        _city_id(key=True),
        sa.Column("resource", sa.String(32), primary_key=True),
        sa.Column("most", sa.BigInteger, nullable=False),
        schema="platform",
    )


def _signups() -> None:
    _add("signup", sa.Column("reason", sa.String(500), nullable=False, server_default=""))


def _operators() -> None:
    op.create_table(
        "operator",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("totp_secret", sa.String(200)),
        sa.Column("totp_step", sa.BigInteger, nullable=False),
        sa.Column("recovery_hashes", pg.ARRAY(sa.String(64)), nullable=False),
        sa.Column("invite_hash", sa.String(64), unique=True),
        sa.Column("invite_expires_at", instant),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("disabled_at", instant),
        schema="platform",
    )
    operator = "platform.operator.id"
    op.create_table(
        "operator_session",
        sa.Column("secret_hash", sa.String(64), primary_key=True),
        sa.Column(
            "operator_id", sa.Uuid, sa.ForeignKey(operator, ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("seen_at", instant, nullable=False, index=True),
        sa.Column("proved_at", instant, nullable=False),
        sa.Column("wrong_codes", sa.Integer, nullable=False),
        sa.Column("browser", sa.String(120), nullable=False),
        schema="platform",
    )
    op.create_table(
        "operator_visit",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("operator_id", sa.Uuid, sa.ForeignKey(operator), nullable=False, index=True),
        sa.Column("city_id", sa.String(20), nullable=False, index=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("began_at", instant, nullable=False),
        sa.Column("ends_at", instant, nullable=False),
        sa.Column("ended_at", instant),
        schema="platform",
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("at", instant, nullable=False, index=True),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("actor", sa.String(160), nullable=False),
        sa.Column("city_id", sa.String(20), index=True),
        sa.Column("details", pg.JSONB, nullable=False),
        schema="platform",
    )
    op.execute('REVOKE UPDATE, DELETE ON platform.audit_entry FROM "{city_role}"')


def _upkeep() -> None:
    op.create_table(
        "city_revision",
        # No foreign key: it is written while another transaction of ours may hold the city's row.
        sa.Column("city_id", sa.String(20), primary_key=True),
        sa.Column("revisions", pg.JSONB, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("failed_at", instant),
        sa.Column("error", sa.String(1000), nullable=False),
        schema="platform",
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("city_id", sa.String(20), index=True),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        sa.Column("asked_by", sa.String(160), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("started_at", instant),
        sa.Column("ended_at", instant),
        sa.Column("wish", pg.JSONB, nullable=False),
        sa.Column("outcome", pg.JSONB, nullable=False),
        sa.Column("error", sa.String(1000), nullable=False),
        schema="platform",
    )
    op.create_table(
        "usage",
        _city_id(key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.Column("errors", sa.BigInteger, nullable=False),
        sa.Column("mails", sa.BigInteger, nullable=False),
        schema="platform",
    )
    op.create_table(
        "measure",
        _city_id(key=True),
        sa.Column("measured_at", instant, nullable=False),
        sa.Column("database_bytes", sa.BigInteger, nullable=False),
        sa.Column("files_bytes", sa.BigInteger, nullable=False),
        sa.Column("accounts", sa.BigInteger, nullable=False),
        sa.Column("told", pg.JSONB, nullable=False),
        schema="platform",
    )
    op.create_table(
        "erasure",
        sa.Column("city_id", sa.String(20), primary_key=True),
        sa.Column("began_at", instant, nullable=False),
        sa.Column("erased_at", instant),
        sa.Column("slugs", pg.ARRAY(sa.String(63)), nullable=False),
        sa.Column("certificate", pg.JSONB, nullable=False),
        schema="platform",
    )


def _outbox() -> None:
    """Let cities take turns: an index for stepping from one city that has work to the next."""
    op.add_column(
        "outbox", sa.Column("lane", sa.String(8), nullable=False, server_default="prompt"), schema="shared"
    )
    # Code of the version before does not say whether a row is due; the relay looks at it once more then.
    op.add_column(
        "outbox", sa.Column("ready", sa.Boolean, nullable=False, server_default=sa.false()), schema="shared"
    )
    # Cities write here: one row that cannot be sent must not stop the relay for all. The version before writes objects, too.
    for name, condition in (
        ("ids", "jsonb_typeof(ids) = 'object'"),
        ("lane", "lane IN ('prompt', 'routine', 'bulk')"),
    ):
        op.execute(f"ALTER TABLE shared.outbox ADD CONSTRAINT ck_outbox_{name} CHECK ({condition})")
    for name, columns, where in (
        ("ix_outbox_turn", ["lane", "city", "id"], "ready"),
        ("ix_outbox_later", ["due_at"], "NOT ready"),
    ):
        op.create_index(name, "outbox", columns, schema="shared", postgresql_where=sa.text(where))
    # Rows come and go; what is left of them has to be cleared away long before a fifth of the table is.
    op.execute(
        "ALTER TABLE shared.outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,"
        " autovacuum_vacuum_cost_delay = 0)"
    )
