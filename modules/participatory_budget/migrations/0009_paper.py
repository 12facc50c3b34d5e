"""Ballots on paper."""

revision = "participatory_budget_0009"
down_revision = "participatory_budget_0008"


def upgrade() -> None:
    """Change nothing yet."""
