"""Turnout by district, channel and age class."""

revision = "participatory_budget_0013"
down_revision = "participatory_budget_0012"


def upgrade() -> None:
    """Change nothing yet."""
