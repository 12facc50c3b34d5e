"""Counts of several contests, certified by two people."""

revision = "participatory_budget_0007"
down_revision = "participatory_budget_0006"


def upgrade() -> None:
    """Change nothing yet."""
