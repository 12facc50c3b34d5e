"""Uploaded files: what they are, how large, and whether they were found clean."""

revision = "city_0010"
down_revision = "city_0009"


def upgrade() -> None:
    """Nothing to do yet."""
