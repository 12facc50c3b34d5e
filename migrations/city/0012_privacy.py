"""What people asked for about their own data."""

revision = "city_0012"
down_revision = "city_0011"


def upgrade() -> None:
    """Nothing to do yet."""
