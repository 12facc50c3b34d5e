"""What people are told, by which channel and in which rhythm."""

revision = "city_0007"
down_revision = "city_0006"


def upgrade() -> None:
    """Nothing to do yet."""
