"""Second factors, passkeys, and identities of other services."""

revision = "city_0004"
down_revision = "city_0003"


def upgrade() -> None:
    """Nothing to do yet."""
