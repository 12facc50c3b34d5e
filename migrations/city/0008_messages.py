"""Messages to very many people, and what it takes to reach them by phone and browser."""

revision = "city_0008"
down_revision = "city_0007"


def upgrade() -> None:
    """Nothing to do yet."""
