"""Sets of permissions that a city makes itself, and who has them where."""

revision = "city_0005"
down_revision = "city_0004"


def upgrade() -> None:
    """Nothing to do yet."""
