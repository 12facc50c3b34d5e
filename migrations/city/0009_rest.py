"""Tokens of programs, and webhooks with what was sent to them."""

revision = "city_0009"
down_revision = "city_0008"


def upgrade() -> None:
    """Nothing to do yet."""
