"""Votes by code."""

revision = "participatory_budget_0008"
down_revision = "participatory_budget_0007"


def upgrade() -> None:
    """Change nothing yet."""
