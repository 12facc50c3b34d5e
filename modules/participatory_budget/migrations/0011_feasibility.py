"""Moderation and feasibility of ideas."""

revision = "participatory_budget_0011"
down_revision = "participatory_budget_0010"


def upgrade() -> None:
    """Change nothing yet."""
