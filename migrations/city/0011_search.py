"""What can be found by searching the city's pages."""

revision = "city_0011"
down_revision = "city_0010"


def upgrade() -> None:
    """Nothing to do yet."""
