"""Entries of the audit log know the one before them, and for whom somebody acted."""

revision = "city_0003"
down_revision = "city_0002"


def upgrade() -> None:
    """Nothing to do yet."""
