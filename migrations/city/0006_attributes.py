"""What is known about residents and from where, rolls, households and who acts for whom."""

revision = "city_0006"
down_revision = "city_0005"


def upgrade() -> None:
    """Nothing to do yet."""
